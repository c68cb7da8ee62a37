//! Letters that the GSM alphabet (3GPP TS 23.038) lacks: one of them makes a text 70 characters long instead of 160.

/// `text` as people who pay by the segment write it: without the accents that the alphabet lacks, with those that it has.
pub(super) fn without_foreign_accents(text: &str) -> String {
    text.chars().map(in_alphabet).collect()
}

/// The closest letter of the alphabet, for the languages that we write.
const fn in_alphabet(c: char) -> char {
    match c {
        'á' | 'â' | 'ã' => 'a',
        'Á' | 'À' | 'Â' | 'Ã' => 'A',
        'ç' => 'c',
        'ê' | 'ë' => 'e',
        'È' | 'Ê' | 'Ë' => 'E',
        'í' | 'î' | 'ï' => 'i',
        'Í' | 'Ì' | 'Î' | 'Ï' => 'I',
        'ó' | 'ô' | 'õ' => 'o',
        'Ó' | 'Ò' | 'Ô' | 'Õ' => 'O',
        'ő' => 'ö',
        'Ő' => 'Ö',
        'ú' | 'û' => 'u',
        'Ú' | 'Ù' | 'Û' => 'U',
        'ű' => 'ü',
        'Ű' => 'Ü',
        '’' | '‘' => '\'',
        '„' | '“' | '”' => '"',
        '–' | '—' => '-',
        '\u{a0}' | '\u{202f}' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_outside_the_alphabet_lose_their_accent_and_others_keep_it() {
        assert_eq!(without_foreign_accents("Árvíztűrő tükörfúrógép"), "Arviztürö tükörfurogép");
        assert_eq!(without_foreign_accents("Ça déçoit, à Œuvre"), "Ça décoit, à Œuvre");
    }
}
