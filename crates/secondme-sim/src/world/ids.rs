//! Ids as the service hands them out: short encoded ones, and numbers that pass 2^53. The same order of events gives the
//! same ids.

/// The letters of an encoded id: the digits and the lower-case alphabet.
const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The first mind id. Like every one after it, it is odd, so that a double cannot hold it and whoever reads it as one is
/// found out.
const FIRST_MIND_ID: u64 = 487_569_763_543_990_273;

/// The encoded id of a person, such as `del3p`.
pub(crate) fn user_id(number: u64) -> String {
    format!("d{}", encoded(number))
}

/// The encoded id of an avatar's mind, such as `3m24e99h3mbp`.
pub(crate) fn encoded_mind_id(avatar: u64) -> String {
    encoded(471_503_262_187_240_113 + avatar * 1_000_003)
}

/// The number of the `count`-th visitor's mind.
pub(crate) fn mind_id(count: u64) -> u64 {
    FIRST_MIND_ID + count * 7_918
}

/// The code in the address of an avatar's public page, such as `ebe251793d69`.
pub(crate) fn share_code(avatar: u64) -> String {
    format!("{:012x}", 0xebe2_5179_3d69_u64 + avatar * 0x1_0001)
}

fn encoded(mut number: u64) -> String {
    let mut letters = Vec::new();
    loop {
        // Less than 36 fits in every size.
        letters.push(char::from(LETTERS[(number % 36) as usize]));
        number /= 36;
        if number == 0 {
            return letters.into_iter().rev().collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_documents_looks() {
        assert_eq!((encoded(0), encoded(35), encoded(36)), ("0".into(), "z".into(), "10".into()));
        assert_eq!(user_id(700_000).len(), "del3p".len());
        assert_eq!(encoded_mind_id(0).len(), "3m24e99h3mbp".len());
        assert_eq!(share_code(0), "ebe251793d69");
    }

    #[test]
    fn no_double_holds_a_mind_id() {
        for count in 0..1_000 {
            let exact = mind_id(count);
            assert_ne!(exact as f64 as u64, exact);
        }
    }
}
