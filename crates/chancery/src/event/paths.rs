//! Role paths: how an entry says where its sides stand on the tree.

use compact_str::CompactString;

/// One step along the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Subj,
    Obj,
    Iobj,
    Obl(CompactString),
    Xcomp,
    Ccomp,
    Poss,
    Mod,
    Nmod(CompactString),
    /// From a noun to the verb that governs it.
    Verb,
    /// The speaker of the statement around the trigger; ends the path.
    Speaker,
}

pub type Path = Vec<Step>;

/// Reads `obj.nmod:on`; the error is the step that is none.
pub fn parse(path: &str) -> Result<Path, String> {
    path.split('.')
        .map(|step| {
            Ok(match step.split_once(':') {
                Some(("obl", p)) if !p.is_empty() => Step::Obl(p.replace(' ', "_").into()),
                Some(("nmod", p)) if !p.is_empty() => Step::Nmod(p.replace(' ', "_").into()),
                None => match step {
                    "subj" => Step::Subj,
                    "obj" => Step::Obj,
                    "iobj" => Step::Iobj,
                    "xcomp" => Step::Xcomp,
                    "ccomp" => Step::Ccomp,
                    "poss" => Step::Poss,
                    "mod" => Step::Mod,
                    "verb" => Step::Verb,
                    "speaker" => Step::Speaker,
                    _ => return Err(step.to_owned()),
                },
                _ => return Err(step.to_owned()),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_or_named() {
        assert_eq!(parse("obj.nmod:on").unwrap(), [Step::Obj, Step::Nmod("on".into())]);
        assert_eq!(parse("verb.obl:on behalf of").unwrap(), [Step::Verb, Step::Obl("on_behalf_of".into())]);
        assert_eq!(parse("obj.nmood:on").unwrap_err(), "nmood:on");
    }
}
