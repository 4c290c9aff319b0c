//! The program: its sub-commands, its exit codes (2 for a setting, 1 for anything else) and what it prints.

use std::process::ExitCode;

use chat_proxy::{CheckOptions, Server, Settings, StartError, check, csp, logging};
use clap::{Args, Parser, Subcommand};

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
    /// Say what keeps the chat from working: the settings, SecondMe, the origins, a page's Content-Security-Policy
    Check(Box<Checking>),
    /// Print the Content-Security-Policy that a page needs for the widget
    Csp(Box<csp::Arguments>),
    /// Serve a demo page with a simulated SecondMe; needs no credentials
    #[cfg(feature = "demo")]
    Demo(chat_proxy::demo::Arguments),
}

#[derive(Args)]
struct Checking {
    #[command(flatten)]
    options: CheckOptions,
    #[command(flatten)]
    settings: Settings,
}

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().command {
        Command::Serve(settings) => finish(serve(*settings).await),
        Command::Check(checking) => run_check(*checking).await,
        Command::Csp(arguments) => finish(print_policy(*arguments)),
        #[cfg(feature = "demo")]
        Command::Demo(arguments) => demo(&arguments).await,
    }
}

async fn serve(settings: Settings) -> Result<(), StartError> {
    let config = settings.into_config()?;
    logging::install(&config.log)?;
    Server::bind(config).await?.run(stop_signal()).await
}

fn print_policy(arguments: csp::Arguments) -> Result<(), StartError> {
    let printed = csp::print(arguments)?;
    if let Some(explanation) = printed.explanation {
        explain(&explanation);
    }
    say(&printed.policy);
    Ok(())
}

async fn run_check(checking: Checking) -> ExitCode {
    let config = match checking.settings.into_config() {
        Ok(config) => config,
        Err(error) => return finish(Err(error.into())),
    };
    let mut code = ExitCode::SUCCESS;
    for finding in check(&config, &checking.options).await {
        match finding {
            Ok(sentence) => say(&sentence),
            Err(problem) => {
                complain(&problem.to_string());
                code = ExitCode::FAILURE;
            }
        }
    }
    code
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

#[expect(clippy::print_stderr, reason = "beside the policy, so that stdout is the policy alone")]
fn explain(text: &str) {
    eprintln!("{text}");
}
