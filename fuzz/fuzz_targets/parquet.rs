#![no_main]

#[allow(dead_code)]
#[path = "../intake.rs"]
mod intake;

// Panics of the library are caught and told as errors; one that gets out still ends the run.
libfuzzer_sys::fuzz_target!(init: std::panic::set_hook(Box::new(|_| {})), |data: &[u8]| intake::parquet(data));
