//! A conversation in a world that delays, drops, doubles, reorders and cuts: random schedules of faults in virtual time,
//! and after every step the question whether a text was lost, doubled, swapped or invented.
//!
//! A failure prints its seed and the script of what happened. `WORLD_SEED=<seed>` runs that one alone.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test's helpers may fail the test")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a seed that fails is told to a person")]
#![expect(clippy::disallowed_methods, reason = "the seed to run alone comes from outside")]

mod chance;
mod schedule;
mod server;
mod visitor;
mod witness;
mod world;

use world::World;

/// Inputs to the session, over all seeds.
const STEPS: usize = 1_000_000;

#[test]
fn a_million_steps_of_faults_lose_double_swap_and_invent_nothing() {
    if let Ok(seed) = std::env::var("WORLD_SEED") {
        let steps = World::new(seed.parse().expect("WORLD_SEED is a number")).run();
        println!("seed {seed}: {steps} steps");
        return;
    }
    let mut steps = 0;
    let mut seed = 0;
    while steps < STEPS {
        steps += World::new(seed).run();
        seed += 1;
    }
    println!("{steps} steps over {seed} seeds");
}
