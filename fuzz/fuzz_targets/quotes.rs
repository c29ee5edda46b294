#![no_main]

#[allow(dead_code)]
#[path = "../body.rs"]
mod body;

libfuzzer_sys::fuzz_target!(|data: &[u8]| body::quotes(data));
