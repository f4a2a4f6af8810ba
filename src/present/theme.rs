//! Colour themes: which colour each role on the screen has. A theme is a plain value, so another one can be built from
//! it with some colours changed: `Theme { accent: Color::Cyan, ..Theme::DARK }`.

use ratatui::style::Color;

/// The colours of the screen by role. A role with [`Color::Reset`] has no colour of its own and is shown by bold, dim
/// or reverse video on the terminal's own colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Behind everything.
    pub background: Color,
    /// Behind a selected row and a pressed key.
    pub selection: Color,
    /// Borders and leaders: decoration, never text.
    pub border: Color,
    /// Plain text and numbers.
    pub text: Color,
    /// Labels and asides.
    pub dim: Color,
    /// Keys and the focus, and nothing else.
    pub accent: Color,
    /// The status of an open entry.
    pub open: Color,
    /// The status of a closed entry, and warnings.
    pub closed: Color,
    /// Addresses that can be opened or written to.
    pub link: Color,
}

const fn rgb(hex: u32) -> Color {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color::Rgb(red, green, blue)
}

#[rustfmt::skip]
impl Theme {
    /// No colours at all.
    pub const PLAIN: Self = Self {
        background: Color::Reset, selection: Color::Reset, border: Color::Reset, text: Color::Reset, dim: Color::Reset,
        accent: Color::Reset, open: Color::Reset, closed: Color::Reset, link: Color::Reset,
    };

    /// The terminal's own colours on its own background. The accent is magenta, the only one of the sixteen that can be
    /// read on black and on white; green and red colour no more than a symbol.
    pub const TERMINAL: Self =
        Self { accent: Color::Magenta, open: Color::Green, closed: Color::Red, ..Self::PLAIN };

    /// Light text on a dark background.
    pub const DARK: Self = Self {
        background: rgb(0x16181d), selection: rgb(0x2c3445), border: rgb(0x434b5a), text: rgb(0xe4e7ec), dim: rgb(0xa0a9b8),
        accent: rgb(0xf2b45c), open: rgb(0x86d39a), closed: rgb(0xff8a8a), link: rgb(0x86b7ff),
    };

    /// Dark text on a light background.
    pub const LIGHT: Self = Self {
        background: rgb(0xfbfaf7), selection: rgb(0xe3eaf6), border: rgb(0xb9c0cc), text: rgb(0x1e222a), dim: rgb(0x59616f),
        accent: rgb(0x8f4a00), open: rgb(0x1a733a), closed: rgb(0xb3261e), link: rgb(0x0b55c4),
    };

    /// The strongest contrasts, on black.
    pub const HIGH_CONTRAST: Self = Self {
        background: rgb(0x000000), selection: rgb(0x2a2a7a), border: rgb(0xa0a0a0), text: rgb(0xffffff), dim: rgb(0xd8d8d8),
        accent: rgb(0xffd84d), open: rgb(0x6dff8e), closed: rgb(0xffa0a0), link: rgb(0x9fd0ff),
    };
}

impl Theme {
    /// The themes that come with the program, by name.
    pub const NAMED: [(&'static str, Self); 4] = [
        ("terminal", Self::TERMINAL),
        ("dark", Self::DARK),
        ("light", Self::LIGHT),
        ("high-contrast", Self::HIGH_CONTRAST),
    ];

    /// The names of the roles.
    pub const ROLES: [&'static str; 9] =
        ["background", "selection", "border", "text", "dim", "accent", "open", "closed", "link"];

    /// The colours in the order of [`Theme::ROLES`].
    pub fn roles_mut(&mut self) -> [&mut Color; 9] {
        let Self { background, selection, border, text, dim, accent, open, closed, link } = self;
        [background, selection, border, text, dim, accent, open, closed, link]
    }

    /// The same theme in the 240 fixed colours of xterm, for terminals without 24-bit colours.
    pub fn in_256_colors(mut self) -> Self {
        for color in self.roles_mut() {
            if let Color::Rgb(red, green, blue) = *color {
                *color = Color::Indexed(anstyle_lossy::rgb_to_xterm((red, green, blue).into()).0);
            }
        }
        self
    }

    /// The pairs of a text and what is behind it that can hardly be read: the names of their roles and the contrast.
    /// Only for 24-bit colours; the others depend on the terminal.
    pub fn low_contrasts(mut self) -> Vec<(&'static str, &'static str, f64)> {
        let colors: Vec<(&str, Color)> = Self::ROLES.into_iter().zip(self.roles_mut().map(|color| *color)).collect();
        let (behind, texts) = (&colors[..2], &colors[3..]);
        let pairs = texts.iter().flat_map(|text| behind.iter().map(move |behind| (text, behind)));
        let low = pairs.filter_map(|(text, behind)| Some((text.0, behind.0, contrast(text.1, behind.1)?)));
        low.filter(|(.., contrast)| *contrast < MIN_CONTRAST).collect()
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self::TERMINAL
    }
}

/// The least contrast of text by WCAG 2.2, level AA.
pub const MIN_CONTRAST: f64 = 4.5;

/// The contrast ratio of WCAG 2.2, 1 to 21.
fn contrast(a: Color, b: Color) -> Option<f64> {
    let (a, b) = (luminance(a)?, luminance(b)?);
    Some((a.max(b) + 0.05) / (a.min(b) + 0.05))
}

/// The relative luminance of WCAG 2.2.
fn luminance(color: Color) -> Option<f64> {
    let Color::Rgb(red, green, blue) = color else { return None };
    let linear = |part: u8| match f64::from(part) / 255.0 {
        part if part <= 0.04045 => part / 12.92,
        part => ((part + 0.055) / 1.055).powf(2.4),
    };
    Some(0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_can_be_read_on_the_background_and_on_a_selected_row() {
        for (name, theme) in &Theme::NAMED[1..] {
            assert_eq!(theme.low_contrasts(), [], "{name}");
        }
        let faint = Theme { dim: rgb(0x4b5260), ..Theme::DARK };
        let low: Vec<_> = faint.low_contrasts().into_iter().map(|(text, behind, _)| (text, behind)).collect();
        assert_eq!(low, [("dim", "background"), ("dim", "selection")]);
    }

    #[test]
    fn the_nearest_of_256_colors_can_be_read_as_well() {
        for (name, theme) in &Theme::NAMED[1..] {
            let mut reduced = theme.in_256_colors();
            for color in reduced.roles_mut() {
                let Color::Indexed(index @ 16..) = *color else { panic!("{name}: {color:?} is not a fixed colour") };
                let shown = anstyle_lossy::xterm_to_rgb(index.into(), anstyle_lossy::palette::Palette::default());
                *color = Color::Rgb(shown.0, shown.1, shown.2);
            }
            assert_eq!(reduced.low_contrasts(), [], "{name}");
        }
    }

    /// Magenta, red and green of xterm. Only the accent colours text; a symbol needs 3 to 1 by WCAG 2.2, and each has
    /// its own shape besides.
    #[test]
    fn the_accent_can_be_read_on_a_black_and_on_a_white_terminal() {
        let contrast = |a, b| contrast(a, b).unwrap();
        let (black, white) = (rgb(0x000000), rgb(0xffffff));
        let least = |color| contrast(color, black).min(contrast(color, white));
        assert!(least(rgb(0xcd00cd)) > 4.4, "magenta: {}", least(rgb(0xcd00cd)));
        for other in [0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0x00cdcd, 0x7f7f7f] {
            assert!(least(rgb(other)) < least(rgb(0xcd00cd)), "{other:x}");
        }
        assert!(contrast(rgb(0xcd0000), black) > 3.0 && contrast(rgb(0xcd0000), white) > 3.0);
    }
}
