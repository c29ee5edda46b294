//! Which stages a language serves: `data/lang/*/lang.toml`.
//!
//! A stage reads only reports in languages whose folder declares it. What is skipped is said in the record, so that no
//! report is read by the rules of another language.

use crate::data::{DataFiles, toml_file};
use crate::error::{Error, Result};
use crate::record::Diagnostic;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Stages that depend on the language of a report, in the order in which they run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    Syntax,
    Actors,
    Places,
    Dates,
    Figures,
    Statements,
    Events,
}

impl Stage {
    pub const ALL: [Stage; 7] =
        [Stage::Syntax, Stage::Actors, Stage::Places, Stage::Dates, Stage::Figures, Stage::Statements, Stage::Events];

    pub fn name(self) -> &'static str {
        match self {
            Stage::Syntax => "syntax",
            Stage::Actors => "actors",
            Stage::Places => "places",
            Stage::Dates => "dates",
            Stage::Figures => "figures",
            Stage::Statements => "statements",
            Stage::Events => "events",
        }
    }

    /// Files of a language's folder without which the stage knows nothing; a name that ends in `/` is a folder.
    pub fn files(self) -> &'static [&'static str] {
        match self {
            Stage::Syntax => &["abbreviations.toml", "lemmas.tsv"],
            Stage::Actors => &["agents.toml"],
            Stage::Places => &[],
            Stage::Dates => &["dates.toml", "numbers.toml"],
            Stage::Figures => &["numbers.toml"],
            Stage::Statements => &["speech.toml"],
            Stage::Events => &["modality.toml", "classes.toml", "verbs/", "nouns/"],
        }
    }

    /// Stages whose results it reads.
    fn needs(self) -> &'static [Stage] {
        match self {
            Stage::Syntax | Stage::Dates | Stage::Figures => &[],
            Stage::Actors => &[Stage::Syntax],
            Stage::Places => &[Stage::Syntax, Stage::Actors],
            Stage::Statements => &[Stage::Syntax, Stage::Actors],
            Stage::Events => &[Stage::Syntax, Stage::Actors, Stage::Statements],
        }
    }

    /// Stages of which a build holds one language: their weights and tables are made for one.
    fn is_single(self) -> bool {
        matches!(self, Stage::Syntax | Stage::Actors | Stage::Places | Stage::Statements)
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    default: bool,
    stages: BTreeSet<Stage>,
}

/// Every language folder with the stages it declares.
#[derive(Debug, Clone, Default)]
pub struct Languages {
    served: BTreeMap<String, (String, BTreeSet<Stage>)>,
    default: String,
}

impl Languages {
    /// Reads every `lang/*/lang.toml`. E0105 for a folder without one, a stage without its files, and no or two defaults.
    pub fn load(files: &DataFiles) -> Result<Languages> {
        let mut all = Languages::default();
        let folders: BTreeSet<&str> = files.under("lang/").filter_map(|(p, _)| Some(p.strip_prefix("lang/")?.split_once('/')?.0)).collect();
        for folder in folders {
            let path = format!("lang/{folder}/lang.toml");
            let Ok(text) = files.get(&path) else {
                return Err(fault(&path, "the language says not which stages it serves", "add the file: `name` and `stages`"));
            };
            let file: File = toml_file(&path, text)?;
            for &stage in &file.stages {
                all.check(files, folder, &path, &file.stages, stage)?;
            }
            if file.default && !all.default.is_empty() {
                return Err(fault(&path, &format!("`{}` is the default already", all.default), "leave `default` to one language"));
            }
            if file.default {
                all.default = folder.to_owned();
            }
            all.served.insert(folder.to_owned(), (file.name, file.stages));
        }
        if all.default.is_empty() {
            return Err(fault("lang/*/lang.toml", "no language is the default", "set `default = true` in one of them"));
        }
        Ok(all)
    }

    fn check(&self, files: &DataFiles, folder: &str, path: &str, stages: &BTreeSet<Stage>, stage: Stage) -> Result<()> {
        let name = stage.name();
        for file in stage.files() {
            let at = format!("lang/{folder}/{file}");
            if files.under(&at).next().is_none() {
                return Err(fault(path, &format!("stage `{name}` needs data/{at}"), "add the file, or leave the stage out"));
            }
        }
        if let Some(lacking) = stage.needs().iter().find(|s| !stages.contains(s)) {
            let what = format!("stage `{name}` reads what stage `{}` finds", lacking.name());
            return Err(fault(path, &what, "declare both, or neither"));
        }
        if let Some(other) = self.serving(stage).next().filter(|_| stage.is_single()) {
            let what = format!("stage `{name}` reads one language in this build, and `{other}` declares it");
            return Err(fault(path, &what, "leave the stage out"));
        }
        Ok(())
    }

    /// Languages that declare `stage`, in order of their codes.
    pub fn serving(&self, stage: Stage) -> impl Iterator<Item = &str> {
        self.served.iter().filter(move |(_, (_, stages))| stages.contains(&stage)).map(|(code, _)| code.as_str())
    }

    /// The folder whose rules read a report that gives its language as `tag` ("es-MX"); of none given, the default's.
    pub fn folder<'a>(&'a self, tag: Option<&'a str>) -> &'a str {
        let Some(tag) = tag else { return &self.default };
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        self.served.keys().find(|code| code.eq_ignore_ascii_case(primary)).map_or(primary, String::as_str)
    }

    pub fn serves(&self, folder: &str, stage: Stage) -> bool {
        self.served.get(folder).is_some_and(|(_, stages)| stages.contains(&stage))
    }

    /// The note of a record about the stages that its language leaves out, or nothing.
    pub fn skipped(&self, folder: &str, sentences: usize) -> Option<Diagnostic> {
        let left: Vec<&str> = Stage::ALL.into_iter().filter(|&s| !self.serves(folder, s)).map(Stage::name).collect();
        if left.is_empty() {
            return None;
        }
        let language = self.served.get(folder).map_or_else(|| format!("language `{folder}`"), |(name, _)| name.clone());
        let message = format!("{sentences} sentence(s) in {language} were not read for: {}", left.join(", "));
        Some(Diagnostic::new("W0402", message, None))
    }
}

fn fault(path: &str, what: &str, remedy: &str) -> Error {
    Error::new("E0105", what, format!("data/{path}"), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(path: &str, text: &str) -> Result<Languages> {
        let mut files = DataFiles::builtin();
        files.insert(path, text.to_owned());
        Languages::load(&files)
    }

    #[test]
    fn a_declared_stage_has_its_files_and_another_needs_none() {
        let all = Languages::load(&DataFiles::builtin()).unwrap();
        assert_eq!(all.serving(Stage::Events).collect::<Vec<_>>(), ["en"]);
        assert!(all.serves("es", Stage::Dates) && !all.serves("es", Stage::Events) && !all.serves("fr", Stage::Dates));
        assert!(with("lang/xx/lang.toml", "name = \"X\"\nstages = []").is_ok());
        let e = with("lang/xx/lang.toml", "name = \"X\"\nstages = [\"dates\"]").unwrap_err();
        assert_eq!((e.code, e.place.as_str()), ("E0105", "data/lang/xx/lang.toml"));
        assert!(e.what.contains("lang/xx/dates.toml"), "{e}");
    }

    #[test]
    fn wrong_declarations_are_told() {
        for (text, what) in [
            ("name = \"X\"\nstages = []\ndefault = true", "default already"),
            ("name = \"X\"\nstages = [\"places\"]", "reads what stage `syntax` finds"),
            ("name = \"X\"\nstages = [\"music\"]", "music"),
        ] {
            let e = with("lang/xx/lang.toml", text).unwrap_err();
            assert!(e.what.contains(what), "{e}");
        }
        assert!(with("lang/xx/other.toml", "").unwrap_err().what.contains("which stages"));
    }

    #[test]
    fn tags_name_folders() {
        let all = Languages::load(&DataFiles::builtin()).unwrap();
        assert_eq!([Some("es-MX"), Some("ES"), Some("pt_BR"), None].map(|t| all.folder(t)), ["es", "es", "pt", "en"]);
        assert_eq!(all.skipped("en", 3), None);
        let note = all.skipped("es", 3).unwrap();
        assert!(note.message.starts_with("3 sentence(s) in Spanish were not read for: syntax, actors"), "{note:?}");
    }
}
