//! Messages out of an event stream, however it is cut into pieces.

/// Larger messages are not waited for.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Reads an event stream piece by piece.
#[derive(Default)]
pub struct Events {
    /// Bytes that are no whole line yet.
    rest: Vec<u8>,
    data: String,
}

impl Events {
    /// The data of the events that this piece completes. `None` when one is too large.
    pub fn feed(&mut self, piece: &[u8]) -> Option<Vec<String>> {
        self.rest.extend_from_slice(piece);
        let mut found = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            if line.is_empty() {
                let data = std::mem::take(&mut self.data);
                if !data.trim().is_empty() {
                    found.push(data);
                }
            } else if let Some(data) = line.strip_prefix("data:") {
                if !self.data.is_empty() {
                    self.data.push('\n');
                }
                self.data.push_str(data.strip_prefix(' ').unwrap_or(data));
            }
        }
        (self.rest.len() + self.data.len() <= MAX_BYTES).then_some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_whole_however_the_stream_is_cut() {
        let stream = b": hello\r\nid: 0\nretry: 3000\ndata:\n\ndata: {\"a\":\ndata: 1}\n\nevent: message\ndata:{\"b\":\"\xc3\xa4\"}\r\n\r\n";
        for size in 1..stream.len() {
            let mut events = Events::default();
            let found: Vec<String> =
                stream.chunks(size).flat_map(|piece| events.feed(piece).unwrap()).collect();
            assert_eq!(found, ["{\"a\":\n1}", "{\"b\":\"ä\"}"], "in pieces of {size}");
        }
    }
}
