//! XML from outside: parsed once, bounded, without document types, and read by namespace.
//!
//! It never joins text around comments or elements: such a value is no value. What it writes is escaped.

use chrono::{DateTime, SecondsFormat};
use roxmltree::{Document, Node, ParsingOptions};

/// The namespace of requests and responses.
pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The namespace of assertions.
pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of metadata.
pub const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// The namespace of XML signatures.
pub const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// More nodes than any honest message has within the bounds on its bytes.
const MAX_NODES: u32 = 50_000;

/// Why a text is not read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// It has a document type, which is where entities come from.
    DocumentType,
    /// It is not well-formed, or has too many nodes.
    Malformed,
}

/// Takes off the XML declaration. Without it a text is UTF-8 for every parser, whatever encoding it would have named.
pub fn without_declaration(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}');
    match text.strip_prefix("<?xml") {
        Some(rest) if rest.starts_with([' ', '\t', '\r', '\n']) => {
            rest.split_once("?>").map_or(text, |(_, body)| body.trim_start())
        }
        _ => text,
    }
}

/// Parses a text.
pub fn parse(text: &str) -> Result<Document<'_>, Unreadable> {
    // Refused by its letters, before and besides the parser: no other parser shall ever see one.
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return Err(Unreadable::DocumentType);
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|_| Unreadable::Malformed)
}

/// The direct children of one name.
pub fn children<'a, 'i>(
    node: Node<'a, 'i>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name((namespace, name)))
}

/// The direct child of a name when there is exactly one.
pub fn only<'a, 'i>(node: Node<'a, 'i>, namespace: &'static str, name: &'static str) -> Option<Node<'a, 'i>> {
    let mut found = children(node, namespace, name);
    let first = found.next();
    if found.next().is_some() { None } else { first }
}

/// The text of an element that holds text and nothing else. A comment inside is enough to be no text.
pub fn text(node: Node<'_, '_>) -> Option<String> {
    node.children().try_fold(String::new(), |mut whole, child| {
        whole.push_str(child.text().filter(|_| child.is_text())?);
        Some(whole)
    })
}

/// The text of an element without the white space around it, for addresses.
pub fn address(node: Node<'_, '_>) -> Option<String> {
    text(node).map(|text| text.trim().to_owned())
}

/// An `xs:dateTime` with its offset, in seconds since 1970.
pub fn instant(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text.trim()).ok().map(|time| time.timestamp())
}

/// Seconds since 1970 as an `xs:dateTime` in UTC.
pub fn date_time(seconds: i64) -> Option<String> {
    Some(DateTime::from_timestamp(seconds, 0)?.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Text as it may stand in an element or in an attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_types_and_broken_texts_are_two_refusals() {
        let cases = [
            ("<!DOCTYPE a><a/>", Unreadable::DocumentType),
            ("<!DOCTYPE a []><a/>", Unreadable::DocumentType),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", Unreadable::DocumentType),
            ("<a>&b;</a>", Unreadable::Malformed),
            ("<a><b></a>", Unreadable::Malformed),
            ("<a/><a/>", Unreadable::Malformed),
            ("", Unreadable::Malformed),
        ];
        for (input, reason) in cases {
            assert_eq!(parse(input).err(), Some(reason), "{input}");
        }
        assert!(parse("<a/>").is_ok());
    }

    #[test]
    fn a_declaration_is_taken_off_and_nothing_else() {
        assert_eq!(without_declaration("<?xml version='1.0' encoding='UTF-7'?>\n<a/>"), "<a/>");
        assert_eq!(without_declaration("\u{feff}<a/>"), "<a/>");
        assert_eq!(without_declaration("<?xml-stylesheet href='x'?><a/>"), "<?xml-stylesheet href='x'?><a/>");
        assert_eq!(without_declaration("<a/>"), "<a/>");
    }

    #[test]
    fn text_is_whole_or_not_at_all() {
        let cases = [
            ("<a>b</a>", Some("b")),
            ("<a/>", Some("")),
            ("<a>b&amp;c</a>", Some("b&c")),
            ("<a>b<![CDATA[c]]></a>", Some("bc")),
            ("<a>b<!-- -->c</a>", None),
            ("<a>b<c/></a>", None),
            ("<a>b<?c?></a>", None),
        ];
        for (input, expected) in cases {
            let document = parse(input).unwrap();
            assert_eq!(text(document.root_element()).as_deref(), expected, "{input}");
        }
    }

    #[test]
    fn names_count_only_in_their_namespace_and_only_once() {
        let text = format!("<a xmlns:s='{ASSERTION}' xmlns:p='{PROTOCOL}'><s:b/><p:b/><b/><s:c/><s:c/></a>");
        let document = parse(&text).unwrap();
        let root = document.root_element();
        assert!(only(root, ASSERTION, "b").is_some());
        assert!(only(root, ASSERTION, "c").is_none());
        assert!(only(root, ASSERTION, "d").is_none());
        assert_eq!(children(root, ASSERTION, "c").count(), 2);
    }

    #[test]
    fn instants_need_an_offset() {
        assert_eq!(instant("1970-01-01T00:00:10Z"), Some(10));
        assert_eq!(instant("1970-01-01T01:00:10.1234567+01:00"), Some(10));
        assert_eq!(instant("1970-01-01T00:00:10"), None);
        assert_eq!(instant("10"), None);
        assert_eq!(date_time(10).as_deref(), Some("1970-01-01T00:00:10Z"));
    }

    #[test]
    fn what_is_written_cannot_leave_its_place() {
        let text = format!("<a b='{}'/>", escape("'\"<&>"));
        assert_eq!(parse(&text).unwrap().root_element().attribute("b"), Some("'\"<&>"));
    }
}
