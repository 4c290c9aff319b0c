//! Counts tests from what Rust's and wasm-bindgen's test runners print. It does not run anything.

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that ended well.
    pub(crate) passed: u64,
    /// Tests that did not.
    pub(crate) failed: u64,
}

impl Tally {
    /// Adds up a line like `test result: ok. 12 passed; 0 failed; 0 ignored; …`; any other line changes nothing.
    pub(crate) fn read(&mut self, line: &str) {
        let Some((_, counts)) = line.split_once("test result: ") else { return };
        for part in counts.split([';', '.']) {
            let mut words = part.split_whitespace();
            if let (Some(Ok(number)), Some(what)) = (words.next().map(str::parse::<u64>), words.next()) {
                match what {
                    "passed" => self.passed += number,
                    "failed" => self.failed += number,
                    _ => {}
                }
            }
        }
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_result_lines_count() {
        for (lines, passed, failed) in [
            (&["test result: ok. 12 passed; 0 failed; 3 ignored; 0 measured; finished in 0.01s"][..], 12, 0),
            (&["test result: FAILED. 1 passed; 2 failed; 0 ignored"], 1, 2),
            (&["test result: ok. 1 passed; 0 failed", "running 4 tests", "test result: ok. 4 passed; 0 failed"], 5, 0),
            (&["\u{1b}[32mtest result: ok. 2 passed; 0 failed"], 2, 0),
            (&["3 passed; 0 failed", "test a_test ... ok"], 0, 0),
        ] {
            let mut tally = Tally::default();
            for line in lines {
                tally.read(line);
            }
            assert_eq!(tally, Tally { passed, failed }, "{lines:?}");
        }
    }
}
