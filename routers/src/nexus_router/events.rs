//! A stream of events as HTTP servers send it, taken apart into the data of each event.

/// What was read so far.
#[derive(Default)]
pub(super) struct Events {
    line: Vec<u8>,
    data: String,
}

impl Events {
    /// Reads on; answers with the data of the events that are whole now.
    pub(super) fn more(&mut self, chunk: &[u8]) -> Vec<String> {
        let mut whole = Vec::new();
        for byte in chunk {
            if *byte != b'\n' {
                self.line.push(*byte);
                continue;
            }
            let line = String::from_utf8_lossy(&self.line).trim_end_matches('\r').to_owned();
            self.line.clear();
            if line.is_empty() {
                let data = std::mem::take(&mut self.data);
                whole.extend(Some(data).filter(|data| !data.is_empty()));
            } else if let Some(more) = line.strip_prefix("data:") {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(more.strip_prefix(' ').unwrap_or(more));
            }
        }
        whole
    }

    /// Bytes of an event that has no end yet.
    pub(super) fn waiting(&self) -> usize {
        self.line.len() + self.data.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_whole_when_an_empty_line_says_so() {
        let mut events = Events::default();
        assert!(events.more(b": hello\r\nid: 1\r\ndata: {\"a\":").is_empty());
        assert_eq!(events.waiting(), 11);
        assert_eq!(events.more(b"1}\r\n\r\ndata:x\ndata: y\n\n\n"), ["{\"a\":1}", "x\ny"]);
        assert_eq!(events.waiting(), 0);
    }
}
