//! `secondme-sim`: the simulated SecondMe as a program of its own. It knows the command line and nothing else.

use std::{mem, net::SocketAddr, process::ExitCode, time::Duration};

use clap::Parser;
use secondme_sim::{
    CONTROL_HELP, Command, CommandError, Script, Settings, Simulator, StartError, Variant,
    script::{FrameForm, variant_help},
    word_help,
};

/// What `-h` leaves to `--help`.
const SHORT_HELP: &str = "--help also shows the variants, a visitor's words and the commands of the control endpoint.";

/// A simulated SecondMe that speaks the Visitor Chat and Avatar Hub APIs, for demos and tests. It needs no account and calls nobody.
#[derive(Parser)]
#[command(version, after_long_help = long_help(), after_help = SHORT_HELP)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value_t = Settings::default().listen)]
    listen: SocketAddr,
    /// The application's id that token requests must show
    #[arg(long, value_name = "ID", default_value_t = Settings::default().client_id)]
    client_id: String,
    /// The application's secret that token requests must show
    #[arg(long, value_name = "SECRET", default_value_t = Settings::default().client_secret)]
    client_secret: String,
    /// The avatar's API key
    #[arg(long, value_name = "KEY", default_value_t = Settings::default().api_key)]
    api_key: String,
    /// The application's name, which the owner sees behind the visitor's
    #[arg(long, value_name = "NAME", default_value_t = Settings::default().app_name)]
    app_name: String,
    /// The avatar's display name
    #[arg(long, value_name = "NAME", default_value_t = Settings::default().avatar_name)]
    avatar_name: String,
    /// The avatar's greeting; an empty text means that it has none
    #[arg(long, value_name = "TEXT", default_value_t = Settings::default().opening.unwrap_or_default())]
    opening: String,
    /// What a visitor might ask first (Avatar Hub); may be given more than once
    #[arg(long = "starter", value_name = "TEXT")]
    starters: Vec<String>,
    /// The address of the owner's picture (Avatar Hub)
    #[arg(long, value_name = "URL")]
    owner_image: Option<String>,
    /// How many requests a minute an API key has (Avatar Hub)
    #[arg(long, value_name = "COUNT", default_value_t = Settings::default().rate_limit)]
    rate_limit: usize,
    /// How long the address of a socket waits to be connected to, in seconds (Avatar Hub)
    #[arg(long, value_name = "SECONDS", default_value_t = Settings::default().address_lifetime.as_secs())]
    address_lifetime: u64,
    /// How long chat/init lasts for a session to be created, in seconds (Avatar Hub)
    #[arg(long, value_name = "SECONDS", default_value_t = Settings::default().payload_lifetime.as_secs())]
    payload_lifetime: u64,
    /// How long a socket lives without a heartbeat, in seconds (Avatar Hub)
    #[arg(long, value_name = "SECONDS", default_value_t = Settings::default().silence_limit.as_secs())]
    silence_limit: u64,
    /// The pause before each frame of a reply, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = default_interval())]
    chunk_interval_ms: u64,
    /// The longest chunk of a reply, in characters
    #[arg(long, value_name = "COUNT", default_value_t = Settings::default().chunk_chars)]
    chunk_chars: usize,
    /// What the frames carry: as one of the documents shows them, or with the ids of the published SDK
    #[arg(long, value_enum, value_name = "FORM", default_value = "bare")]
    frames: FrameForm,
    /// A departure from the plain reply, for all replies; may be given more than once
    #[arg(long = "variant", value_name = "NAME[=VALUE]")]
    variants: Vec<Variant>,
    /// A command of the control endpoint to begin with, such as a fault; may be given more than once
    #[arg(long = "command", value_name = "JSON", value_parser = read_command)]
    commands: Vec<Command>,
}

/// Why the program ends.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Start(#[from] StartError),
    #[error(transparent)]
    Command(#[from] CommandError),
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

async fn serve(mut arguments: Arguments) -> Result<(), Failure> {
    let commands = mem::take(&mut arguments.commands);
    let simulator = Simulator::start(settings(arguments)).await?;
    for command in commands {
        simulator.control().apply(command)?;
    }
    announce(&simulator);
    // Without a handler for Ctrl-C there is no way to be asked to stop, and the process goes on until it is ended.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
    simulator.stop().await;
    Ok(())
}

fn settings(arguments: Arguments) -> Settings {
    Settings {
        listen: arguments.listen,
        client_id: arguments.client_id,
        client_secret: arguments.client_secret,
        api_key: arguments.api_key,
        app_name: arguments.app_name,
        avatar_name: arguments.avatar_name,
        starters: arguments.starters,
        owner_image: arguments.owner_image,
        rate_limit: arguments.rate_limit,
        address_lifetime: Duration::from_secs(arguments.address_lifetime),
        payload_lifetime: Duration::from_secs(arguments.payload_lifetime),
        silence_limit: Duration::from_secs(arguments.silence_limit),
        opening: Some(arguments.opening).filter(|text| !text.is_empty()),
        chunk_interval: Duration::from_millis(arguments.chunk_interval_ms),
        chunk_chars: arguments.chunk_chars,
        script: Script { frames: arguments.frames, ..Script::default() }.with(&arguments.variants),
    }
}

fn read_command(json: &str) -> Result<Command, String> {
    serde_json::from_str(json).map_err(|error| format!("it was not understood: {error}"))
}

fn long_help() -> String {
    format!(
        "Variants (--variant NAME, and in commands). A value may be replaced by another: pause=35000\n{}\n\
         A visitor's words: a message that begins with /NAME has the variant for its own reply, as in\n\
         \"/hint How long does shipping take?\". Several may stand one after the other. There are also:\n{}\n\
         {CONTROL_HELP}",
        variant_help(),
        word_help(),
    )
}

fn default_interval() -> u64 {
    u64::try_from(Settings::default().chunk_interval.as_millis()).unwrap_or(u64::MAX)
}

#[expect(clippy::print_stdout, reason = "the line is what a script that starts the program reads")]
fn announce(simulator: &Simulator) {
    println!(
        "SecondMe simulator: Visitor Chat at {} and Avatar Hub at {} with the control endpoint at {}",
        simulator.base_url(),
        simulator.hub_base_url(),
        simulator.control_url()
    );
}

#[expect(clippy::print_stderr, reason = "this is where a program says why it stops")]
fn complain(error: &Failure) {
    eprintln!("{error}");
}
