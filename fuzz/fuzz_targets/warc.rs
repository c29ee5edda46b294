#![no_main]

#[allow(dead_code)]
#[path = "../intake.rs"]
mod intake;

libfuzzer_sys::fuzz_target!(|data: &[u8]| intake::warc(data));
