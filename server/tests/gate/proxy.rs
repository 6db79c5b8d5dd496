//! A wire that can be cut: between a gate and the server, byte for byte, until it is told otherwise.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What it does with what goes through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wire {
    /// Hands it on.
    Whole,
    /// Cuts everything.
    Cut,
    /// Hands the request with this in its first line on, and loses the answer, once.
    LosesAnswer(&'static str),
    /// Hands it on, and holds the answer back for good.
    HoldsAnswer(&'static str),
    /// Takes the request, and hands nothing on.
    Swallows(&'static str),
    /// Asks for the package of the second decision where that of the first is asked for.
    Confuses(String, String),
}

/// The wire.
pub struct Proxy {
    pub url: String,
    wire: Arc<Mutex<Wire>>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    /// One to this address.
    pub fn to(address: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (wire, open) = (Arc::new(Mutex::new(Wire::Whole)), Arc::new(Mutex::new(Vec::new())));
        let proxy = Self { url, wire: wire.clone(), open: open.clone() };
        let address = address.to_owned();
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if *wire.lock().unwrap() == Wire::Cut {
                    continue;
                }
                let Ok(far) = TcpStream::connect(&address) else { continue };
                open.lock().unwrap().extend([near.try_clone().unwrap(), far.try_clone().unwrap()]);
                join(near, far, &wire);
            }
        });
        proxy
    }

    /// From now on.
    pub fn set(&self, wire: Wire) {
        if wire == Wire::Cut {
            for stream in self.open.lock().unwrap().drain(..) {
                drop(stream.shutdown(Shutdown::Both));
            }
        }
        *self.wire.lock().unwrap() = wire;
    }

    /// What it does now: losing an answer happens once.
    pub fn get(&self) -> Wire {
        self.wire.lock().unwrap().clone()
    }
}

fn join(mut near: TcpStream, mut far: TcpStream, wire: &Arc<Mutex<Wire>>) {
    let mute = Arc::new(Mutex::new(false));
    let (mut back_far, mut back_near) = (far.try_clone().unwrap(), near.try_clone().unwrap());
    let (wire, there) = (wire.clone(), mute.clone());
    std::thread::spawn(move || {
        let mut buffer = [0; 16384];
        while let Ok(count @ 1..) = near.read(&mut buffer) {
            let mut text = String::from_utf8_lossy(&buffer[..count]).into_owned();
            let first = text.lines().next().unwrap_or_default().to_owned();
            let now = wire.lock().unwrap().clone();
            match now {
                Wire::LosesAnswer(path) | Wire::HoldsAnswer(path) if first.contains(path) => {
                    *there.lock().unwrap() = true;
                    if matches!(now, Wire::LosesAnswer(_)) {
                        *wire.lock().unwrap() = Wire::Whole;
                        // The answer is on its way; then the wire is cut.
                        let near = near.try_clone().unwrap();
                        std::thread::spawn(move || {
                            std::thread::sleep(std::time::Duration::from_millis(700));
                            drop(near.shutdown(Shutdown::Both));
                        });
                    }
                }
                Wire::Swallows(path) if first.contains(path) => continue,
                Wire::Confuses(asked, gets) if first.contains("/package") => {
                    text = text.replace(&asked, &gets);
                    if far.write_all(text.as_bytes()).is_err() {
                        break;
                    }
                    continue;
                }
                _ => {}
            }
            if far.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        drop(far.shutdown(Shutdown::Both));
    });
    std::thread::spawn(move || {
        let mut buffer = [0; 16384];
        while let Ok(count @ 1..) = back_far.read(&mut buffer) {
            if !*mute.lock().unwrap() && back_near.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        drop(back_near.shutdown(Shutdown::Both));
    });
}
