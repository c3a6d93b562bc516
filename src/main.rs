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
    use clap::Parser;
    use std::process::ExitCode;

    let done = match cli::Command::try_parse() {
        Ok(command) => command.run(),
        Err(asked) if !asked.use_stderr() => {
            // --help and --version.
            print!("{asked}");
            Ok(())
        }
        Err(error) => {
            // clap's first paragraph says what and why; one line of it, as for every other error.
            let text = error.to_string();
            let paragraph: Vec<&str> = text.lines().take_while(|line| !line.trim().is_empty()).map(str::trim).collect();
            let line = paragraph.join(" ");
            Err(format!("{}: see `hash-phase --help`", line.strip_prefix("error: ").unwrap_or(&line)).into())
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}
