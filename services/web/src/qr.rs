//! QR codes as inline pictures.

use fast_qr::{
    QRBuilder,
    convert::{Builder, svg::SvgBuilder},
};

/// The QR code of `text` as SVG, black on white with the quiet zone of 4 modules (ISO/IEC 18004, 6.3.8): it scans
/// in dark mode too. None where `text` is too long.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QRBuilder::new(text).build().ok()?;
    Some(SvgBuilder::default().margin(4).to_str(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_drawn_on_white_with_a_quiet_zone_and_without_style() {
        let svg = svg("otpauth://totp/Rescue:kim?secret=JBSWY3DPEHPK3PXP&issuer=Rescue").unwrap();
        assert!(svg.starts_with("<svg viewBox=\"0 0 "), "{svg}");
        assert!(svg.contains("fill=\"#ffffff\""), "white ground: {svg}");
        assert!(!svg.contains("style") && !svg.contains("<script"), "{svg}");
        assert!(svg.contains("d=\"M4,4"), "the first module stands behind the quiet zone: {svg}");
    }

    #[test]
    fn what_is_written_never_reaches_the_markup() {
        assert!(!svg("\"><script>alert(1)</script>").unwrap().contains("script"));
    }

    #[test]
    fn too_much_is_no_code() {
        assert_eq!(svg(&"x".repeat(8_000)), None);
    }
}
