//! The user's own themes: a theme of the program with other colours for some roles.

use std::str::FromStr;

use ratatui::style::Color;

use super::values::{choice, entries};
use crate::directory::problem::Collector;
use crate::directory::record::Text;
use crate::present::theme::{MIN_CONTRAST, Theme};

/// The key of the name of the theme that an own one is based on.
const BASE: &str = "base";

/// The user's own themes and those of the program by name. An own one hides that of the program.
pub(super) fn with_built_in(themes: &[(String, Theme)]) -> Vec<(&str, Theme)> {
    themes.iter().map(|(name, theme)| (&**name, *theme)).chain(Theme::NAMED).collect()
}

/// The themes in a map from their names.
pub(super) fn own_themes<'a>(text: Text<'a>, problems: &mut Collector<'a>) -> Vec<(String, Theme)> {
    let mut themes = Vec::new();
    for (name, roles) in entries(text, problems) {
        let theme = own_theme(roles, problems);
        themes.extend(problems.text(name).map(|name| (name.into(), theme)));
    }
    themes
}

/// A theme in a map from roles to colours. A colour that is not one, or with which a text could hardly be read, is that
/// of the base; where the base's own texts could hardly be read, it is the base.
fn own_theme<'a>(text: Text<'a>, problems: &mut Collector<'a>) -> Theme {
    let keys: Vec<(&str, Option<usize>)> = [(BASE, None)]
        .into_iter()
        .chain(Theme::ROLES.into_iter().enumerate().map(|(index, role)| (role, Some(index))))
        .collect();
    let (mut base, mut colors) = (Theme::DARK, Vec::new());
    for (key, value) in entries(text, problems) {
        match choice(Some(key), "role", &keys, problems) {
            None => {}
            Some(None) => base = choice(Some(value), "theme", &Theme::NAMED[1..], problems).unwrap_or(base),
            Some(Some(role)) => colors.extend(color(value, problems).map(|color| (role, value, color))),
        }
    }
    let mut theme = base;
    colors.iter().for_each(|(role, _, color)| *theme.roles_mut()[*role] = *color);
    while let Some((text, behind, contrast)) = theme.low_contrasts().into_iter().next() {
        let position = |name| colors.iter().position(|(role, ..)| Theme::ROLES[*role] == name);
        // Rounded down, so that what is too low does not look high enough.
        let contrast = (contrast * 10.0).floor() / 10.0;
        let message = format!(
            "{text} on {behind} has a contrast of {contrast:.1}, which can hardly be read; at least {MIN_CONTRAST} is needed"
        );
        let Some(index) = position(text) else {
            // The text is the base's, so what is behind it is not, and the user's other texts are meant for that.
            let behind = position(behind).map(|index| colors[index].1);
            problems.report_at(behind, format!("{message}; change {text} too"));
            return base;
        };
        let (role, value, _) = colors.swap_remove(index);
        problems.report_at(Some(value), message);
        *theme.roles_mut()[role] = *base.roles_mut()[role];
    }
    theme
}

fn color<'a>(text: Text<'a>, problems: &mut Collector<'a>) -> Option<Color> {
    let color = Color::from_str(&problems.text(text)?).ok().filter(|color| matches!(color, Color::Rgb(..)));
    if color.is_none() {
        problems.report_at(Some(text), "expected a colour such as \"#f2b45c\"");
    }
    color
}

#[cfg(test)]
mod tests {
    use crate::config::Config;
    use crate::present::theme::Theme;
    use ratatui::style::Color;

    #[test]
    fn a_theme_changes_the_colors_of_its_base() {
        let (config, problems) = Config::parse(
            "config.ron",
            r##"(themes: {"sea": {"base": "light", "accent": "#00508f"}, "dark": {}}, theme: "sea")"##,
        );
        assert_eq!(problems.list, []);
        let sea = Theme { accent: Color::Rgb(0, 0x50, 0x8f), ..Theme::LIGHT };
        assert_eq!(config.theme, Some(sea));
        assert_eq!(config.theme_named("sea"), Ok(sea));
        assert_eq!(config.theme_named("high-contrast"), Ok(Theme::HIGH_CONTRAST));
        assert_eq!(config.theme_named("ligth"), Err("there is no theme `ligth`; did you mean `light`?".to_owned()));
    }

    #[test]
    fn a_wrong_color_is_told_and_that_of_the_base_stays() {
        let source = r##"(themes: {"mine": {
    "base": "terminal",
    "accnt": "#ffffff",
    "open": "green",
    "dim": "#4b5260",
    "link": "#ffffff",
}})"##;
        let (config, problems) = Config::parse("config.ron", source);
        let expected = [
            "config.ron:2:13: there is no theme `terminal`; use one of `dark`, `light`, `high-contrast`",
            "config.ron:3:5: there is no role `accnt`; did you mean `accent`?",
            "config.ron:4:13: expected a colour such as \"#f2b45c\"",
            "config.ron:5:12: dim on background has a contrast of 2.2, which can hardly be read; at least 4.5 is needed",
        ];
        assert_eq!(problems.to_string().lines().collect::<Vec<_>>(), expected);
        let expected = Theme { link: Color::Rgb(255, 255, 255), ..Theme::DARK };
        assert_eq!(config.theme_named("mine"), Ok(expected));
    }
}
