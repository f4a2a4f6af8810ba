//! Large digits, drawn with half blocks: each is three columns wide and five pixels high, in three rows. A font of our
//! own, because the letters of `tui-big-text` are at least as wide as they are high, so that a phone number with them
//! does not fit in a pane.

/// The height of large digits, in rows.
pub const BLOCK_HEIGHT: usize = 3;

/// The pixels of a character, a row in each string.
fn pixels(c: char) -> Option<[&'static str; 5]> {
    Some(match c {
        '0' => ["###", "# #", "# #", "# #", "###"],
        '1' => [" # ", "## ", " # ", " # ", "###"],
        '2' => ["###", "  #", "###", "#  ", "###"],
        '3' => ["###", "  #", "###", "  #", "###"],
        '4' => ["# #", "# #", "###", "  #", "  #"],
        '5' => ["###", "#  ", "###", "  #", "###"],
        '6' => ["###", "#  ", "###", "# #", "###"],
        '7' => ["###", "  #", "  #", "  #", "  #"],
        '8' => ["###", "# #", "###", "# #", "###"],
        '9' => ["###", "# #", "###", "  #", "###"],
        '+' => ["   ", " # ", "###", " # ", "   "],
        '(' => [" #", "# ", "# ", "# ", " #"],
        ')' => ["# ", " #", " #", " #", "# "],
        '-' => [" ", " ", "#", " ", " "],
        '.' => [" ", " ", " ", " ", "#"],
        ' ' => [" ", " ", " ", " ", " "],
        _ => return None,
    })
}

/// A number in large digits, a string for each row; `None` where a character has no large form.
pub fn block_digits(number: &str) -> Option<[String; BLOCK_HEIGHT]> {
    let mut rows: [String; BLOCK_HEIGHT] = Default::default();
    for c in number.chars() {
        let pixels = pixels(c)?;
        for (index, row) in rows.iter_mut().enumerate() {
            if !row.is_empty() {
                row.push(' ');
            }
            let (upper, lower) = (pixels[index * 2], pixels.get(index * 2 + 1).copied().unwrap_or("   "));
            row.extend(upper.chars().zip(lower.chars()).map(|pair| match pair {
                ('#', '#') => '█',
                ('#', _) => '▀',
                (_, '#') => '▄',
                _ => ' ',
            }));
        }
    }
    Some(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_drawn_in_half_blocks() {
        assert_eq!(block_digits("1-4").unwrap(), ["▄█    █ █", " █  ▀ ▀▀█", "▀▀▀     ▀"]);
        assert_eq!(block_digits("1-800-FLOWERS"), None);
    }
}
