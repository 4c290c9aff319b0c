//! The program: its sub-commands, its exit codes (2 for a setting, 1 for anything else) and what it prints.

use std::process::ExitCode;

use chat_proxy::{Server, Settings, StartError, check, logging};
use clap::{Parser, Subcommand};

/// The site's own proxy between the chat widget and SecondMe
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the widget and its calls
    Serve(Box<Settings>),
    /// Say what is wrong with the settings, and whether SecondMe answers
    Check(Box<Settings>),
    /// Serve a demo page with a simulated SecondMe; needs no credentials
    #[cfg(feature = "demo")]
    Demo(chat_proxy::demo::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(settings) => finish(serve(*settings).await),
        Command::Check(settings) => run_check(*settings).await,
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => demo(&arguments).await,
    }
}

async fn serve(settings: Settings) -> Result<(), StartError> {
    let config = settings.into_config()?;
    logging::install(&config.log)?;
    Server::bind(config).await?.run(stop_signal()).await
}

async fn run_check(settings: Settings) -> ExitCode {
    let config = match settings.into_config() {
        Ok(config) => config,
        Err(error) => return finish(Err(error.into())),
    };
    match check(&config).await {
        Ok(sentence) => {
            say(&sentence);
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "demo")]
async fn demo(arguments: &chat_proxy::demo::Arguments) -> ExitCode {
    let ready = |address| say(&format!("Open http://{address}/"));
    match chat_proxy::demo::run(arguments, ready, stop_signal()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn finish(outcome: Result<(), StartError>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error.to_string());
            if matches!(error, StartError::Config(_)) { ExitCode::from(2) } else { ExitCode::FAILURE }
        }
    }
}

/// Ready at the first SIGINT or SIGTERM.
async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                outcome = tokio::signal::ctrl_c() => if outcome.is_ok() { return },
            }
        }
    }
    // Without a way to hear of a signal the program runs until it is killed.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[expect(clippy::print_stdout, reason = "what `check` finds and where `demo` listens is their output")]
fn say(sentence: &str) {
    println!("{sentence}");
}

#[expect(clippy::print_stderr, reason = "why the program stops is for the person who started it")]
fn complain(sentence: &str) {
    eprintln!("chat-proxy: {sentence}");
}
