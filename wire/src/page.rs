//! The address of a decision's page, for people.

use governance::DecisionId;
use std::fmt::Write as _;

/// Where people see this decision. Ids of other systems may hold anything, so that what an address cannot hold is
/// written as one writes it there.
pub fn page(public_url: &str, id: &DecisionId) -> String {
    let mut address = format!("{public_url}/decisions/");
    for byte in id.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_another_system_stays_within_the_address() {
        let id = DecisionId::new("a/b?c#ä").unwrap();
        assert_eq!(page("https://nexus.example", &id), "https://nexus.example/decisions/a%2Fb%3Fc%23%C3%A4");
    }
}
