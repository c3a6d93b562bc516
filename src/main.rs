//! The command line: translates arguments into calls of the library and results into files and lines.

#[cfg(not(target_arch = "wasm32"))]
mod cli;

/// A training step makes and drops tensors of megabytes; the system's allocator would map and clear them anew each time.
#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A browser has no command line, but cargo builds every binary before it runs the tests there.
#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    use std::process::ExitCode;

    quiet_runtime();
    match cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let (start, code) = if error.is::<cli::Incomplete>() { ("", 3) } else { ("error: ", 2) };
            cli::tell(&format!("{start}{error}"));
            ExitCode::from(code)
        }
    }
}

/// The runtime of ONNX files panics where a node makes no sense; that is caught, and said in one line.
#[cfg(not(target_arch = "wasm32"))]
fn quiet_runtime() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|place| place.file().contains("rten")) {
            usual(panic);
        }
    }));
}
