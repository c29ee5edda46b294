//! Prints sentences of stdin (one text a line) as trees: for looking at what the parser gives.
use chancery::data::DataFiles;
use chancery::model::Report;
use chancery::{Coder, Options};
use std::io::BufRead;

fn main() {
    let coder = Coder::new(&DataFiles::builtin()).expect("built-in data loads");
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        let analysis = coder.syntax.split(&line, chancery::record::Span::new(0, line.len()));
        for tokens in analysis {
            let forms: Vec<&str> = tokens.iter().map(|t| t.of(&line)).collect();
            for (i, (form, a)) in forms.iter().zip(coder.syntax.parse_tokens(&forms)).enumerate() {
                print!("{i}:{form}/{}/{}/{}<{} ", a.upos.as_str(), a.lemma, a.dep.as_str(), a.head);
                if a.entity != Default::default() {
                    print!("[{:?}] ", a.entity);
                }
            }
            println!();
        }
        let record = coder.read(Report { text: line.clone(), ..Report::default() }, &Options::default());
        for m in record.mentions {
            println!("    {:?} {:?} {:?} chain {} {}", m.actor.text, m.actor.code, m.actor.entity, m.chain, m.actor.rule);
        }
    }
}
