//! Writes `.br` and `.gz` beside every file of text or code. It does not know what the files are.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::error::Error;
use crate::fingerprint;

/// What is worth compressing; pictures and fonts are already.
const KINDS: [&str; 6] = ["css", "html", "js", "json", "svg", "wasm"];

/// Compresses all files in a folder as small as the two formats can.
///
/// That is slow, so results are kept in the folder `memory` by content; what no file needed any more is forgotten.
pub(crate) fn folder(folder: &Path, memory: &Path) -> Result<(), Error> {
    fs::create_dir_all(memory).map_err(Error::file("create", memory))?;
    let mut needed = Vec::new();
    for path in fingerprint::files(folder)? {
        if !path.extension().is_some_and(|kind| KINDS.iter().any(|known| kind == *known)) {
            continue;
        }
        let content = fs::read(&path).map_err(Error::file("read", &path))?;
        for (ending, format) in [("br", brotli as fn(&[u8]) -> io::Result<Vec<u8>>), ("gz", gzip)] {
            let remembered = memory.join(format!("{}.{ending}", fingerprint::of_bytes(&content)));
            if !remembered.is_file() {
                let compressed = format(&content).map_err(Error::file("compress", &path))?;
                write_whole(&remembered, &compressed)?;
            }
            let target = beside(&path, ending);
            fs::copy(&remembered, &target).map_err(Error::file("write", &target))?;
            needed.push(remembered);
        }
    }
    for path in fingerprint::files(memory)?.into_iter().filter(|path| !needed.contains(path)) {
        fs::remove_file(&path).map_err(Error::file("remove", &path))?;
    }
    Ok(())
}

/// `chat.js` and `br` give `chat.js.br`.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    PathBuf::from(name)
}

/// Brotli at its smallest: quality 11, window 24.
fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = BrotliEncoderParams { quality: 11, lgwin: 24, size_hint: content.len(), ..Default::default() };
    let mut result = Vec::new();
    let mut writer = brotli::CompressorWriter::with_params(&mut result, 4096, &parameters);
    writer.write_all(content)?;
    writer.flush()?;
    drop(writer);
    Ok(result)
}

/// Gzip at its smallest: level 9, and no time stamp, so that equal contents give equal files.
fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

/// Writes a file under another name first, so that an interruption leaves no half file behind.
fn write_whole(path: &Path, content: &[u8]) -> Result<(), Error> {
    let partial = beside(path, "partial");
    fs::write(&partial, content).map_err(Error::file("write", &partial))?;
    fs::rename(&partial, path).map_err(Error::file("move", &partial))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_formats_give_the_content_back_and_only_what_is_needed_is_remembered() {
        let folder = std::env::temp_dir().join(format!("xtask-compress-{}", std::process::id()));
        let (dist, memory) = (folder.join("dist"), folder.join("memory"));
        fs::create_dir_all(&dist).unwrap();
        fs::write(dist.join("shop.png"), "a picture").unwrap();
        for content in ["first ".repeat(100), "second ".repeat(200)] {
            fs::write(dist.join("chat.js"), &content).unwrap();
            super::folder(&dist, &memory).unwrap();

            let mut text = String::new();
            let file = fs::read(dist.join("chat.js.br")).unwrap();
            brotli::Decompressor::new(&file[..], 4096).read_to_string(&mut text).unwrap();
            assert_eq!(text, content);
            text.clear();
            let file = fs::read(dist.join("chat.js.gz")).unwrap();
            flate2::read::GzDecoder::new(&file[..]).read_to_string(&mut text).unwrap();
            assert_eq!(text, content);

            assert_eq!(fingerprint::files(&memory).unwrap().len(), 2);
            assert!(!dist.join("shop.png.br").exists());
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
