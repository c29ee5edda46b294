//! The desk as a visitor meets it: who gets in, what pages say, that nothing of a report becomes markup, that lists are whole.

mod support;

use std::collections::BTreeSet;
use support::{Open, add, folder, report};

/// What has been used to smuggle markup and scripts into pages.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "'><img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<body onload=alert(1)>",
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<style>@import '//evil.example/x.css';</style>",
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<ScRiPt>alert(1)</sCrIpT>",
    "<script\u{0}>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\" onmouseover=alert(1) x=\"",
    "' style='background:url(//evil.example)'",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<template><script>alert(1)</script></template>",
    "<form action=//evil.example><button>x</button></form>",
    "</svg><script>alert(1)</script>",
    "\u{2028}<script>alert(1)</script>\u{202e}",
];

/// Tags and attributes that pages of the desk never hold.
const NEVER: &[&str] = &[
    "<script",
    "<img",
    "<iframe",
    "<base",
    "<object",
    "<embed",
    "<style",
    "<math",
    "<video",
    "<template",
    "<noscript",
    "<body onload",
    "<animate",
    "<meta http-equiv",
    "<svg onload",
    "<input autofocus",
    "<details open ontoggle",
    "evil.example>",
    "<form action=//",
    "<!--",
    "<![CDATA",
];

fn small(name: &str) -> Open {
    let path = folder(name).join("l.db");
    let told = |n: usize| {
        let text = format!(
            "MOSCOW - Russia signed a trade agreement with China on Monday. Foreign Minister Sergei Lavrov said: \"We support our partners in round {n}.\" \
             The United States accused Russia of violating the treaty. Iran rejected the demand of France."
        );
        report(&format!("Talks {n}"), &text, "Gazette", &format!("2022-03-{:02}", 1 + n % 28))
    };
    add(&path, (0..40).map(told).collect());
    Open::new(&path, None)
}

#[test]
fn every_page_answers_with_its_safety_headers() {
    let desk = small("pages");
    for path in [
        "/",
        "/search?text=treaty&type=ACCUSE",
        "/dyad",
        "/dyad?a=RUS&b=CHN",
        "/actor",
        "/actor?who=Lavrov",
        "/actor?who=RUS",
        "/happenings?independent=1",
        "/network?of=Russia",
        "/map",
        "/data",
        "/paste",
    ] {
        let answer = desk.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert!(
            answer.body.contains("<main id=\"main\"") && !answer.body.contains("style=\"") && !answer.body.contains("<script"),
            "{path}"
        );
        let outside = answer.body.replace("http://www.w3.org/2000/svg", "");
        assert!(!outside.contains("http://") && !outside.contains("https://"), "{path} leads elsewhere");
    }
    for (path, media) in [
        ("/dyad?a=RUS&b=CHN&format=svg", "image/svg+xml"),
        ("/network?format=svg", "image/svg+xml"),
        ("/map?format=svg", "image/svg+xml"),
        ("/dyad?a=RUS&b=CHN&format=csv", "text/csv; charset=utf-8"),
        ("/search?format=csv", "text/csv; charset=utf-8"),
        ("/data?format=csv", "text/csv; charset=utf-8"),
        ("/desk.css", "text/css; charset=utf-8"),
    ] {
        let answer = desk.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(media)), "{path}");
    }
    let page = desk.get("/dyad?a=RUS&b=CHN").body;
    assert!(page.contains("Events, the newest first") && page.contains("/report/"), "the pair has events that lead to their sentence");
}

#[test]
fn what_is_wrong_is_said_where() {
    let desk = small("wrong");
    for (path, status, said) in [
        ("/nowhere", 404, "/nowhere"),
        ("/search?since=soon", 400, "since=soon"),
        ("/search?colour=red", 400, "colour=red"),
        ("/dyad?a=RUS", 400, "one of two sides is missing"),
        ("/actor?who=Nobody+Known+Anywhere", 400, "Nobody Known Anywhere"),
        ("/report/zz", 404, "zz"),
        ("/report/00000000000000000000000000000000", 404, "no report of this id"),
        ("/search?cursor=x", 400, "cursor=x"),
    ] {
        let answer = desk.get(path);
        assert_eq!(answer.status, status, "{path}");
        assert!(answer.body.to_lowercase().contains(&said.to_lowercase()), "{path}: {}", answer.body);
    }
    let problem = desk.get("/api/v1/events?since=soon");
    assert_eq!((problem.status, problem.header("content-type")), (400, Some("application/problem+json")));
    assert_eq!(problem.json()["code"], "E0601");
    let here = desk.at.to_string();
    assert_eq!(desk.ask("POST", "/", &[("host", &here)]).status, 405);
    assert_eq!(desk.ask("GET", &format!("/search?text={}", "a".repeat(9000)), &[("host", &here)]).status, 414);
}

#[test]
fn other_names_and_strangers_stay_outside() {
    let path = folder("strangers").join("l.db");
    add(&path, vec![report("Talks", "Russia met China on Monday.", "Gazette", "2022-03-01")]);
    let desk = Open::new(&path, None);
    for host in ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example"] {
        assert_eq!(desk.ask("GET", "/", &[("host", host)]).status, 421, "{host}");
    }
    assert_eq!(desk.ask("GET", "/", &[("host", "localhost")]).status, 200);
    let desk = Open::new(&path, Some("a-token-of-our-own"));
    let host = ("host", "desk.example");
    for refused in [vec![host], vec![host, ("authorization", "Bearer a-token-of-our-owm")], vec![host, ("cookie", "chancery-token=x")]] {
        assert_eq!(desk.ask("GET", "/api/v1/events", &refused).status, 401);
    }
    assert_eq!(desk.ask("GET", "/?token=wrong", &[host]).status, 401);
    let entered = desk.ask("GET", "//evil.example/?token=a-token-of-our-own&day=2022-03-01", &[host]);
    assert_eq!((entered.status, entered.header("location")), (303, Some("/evil.example/?day=2022-03-01")));
    let cookie = entered.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(desk.ask("GET", "/", &[host, ("cookie", cookie.split(';').next().unwrap())]).status, 200);
    assert_eq!(desk.ask("GET", "/", &[host, ("authorization", "Bearer a-token-of-our-own")]).status, 200);
}

#[test]
fn nothing_of_a_report_becomes_markup() {
    let path = folder("hostile").join("l.db");
    let reports = HOSTILE.iter().enumerate().map(|(n, x)| {
        let text = format!(
            "MOSCOW {x} - Russia met {x} China on Monday in Geneva {x}. \"We support {x} our partners,\" said Ivan {x} Petrov. The {x} Front attacked \
             Iran with 20 {x} rockets.\n\n{x}\n\nShare this {x}"
        );
        let mut report = report(&format!("Talks {x}"), &text, x, &format!("2022-03-{:02}", 1 + n % 28));
        report.url = Some(format!("javascript:alert(1)//{x}"));
        report.author = Some((*x).to_owned());
        report
    });
    add(&path, reports.collect());
    let desk = Open::new(&path, None);
    let mut paths: Vec<String> = [
        "/",
        "/search",
        "/search?text=partners",
        "/dyad?a=RUS&b=CHN",
        "/actor?who=RUS",
        "/happenings?independent=1",
        "/network",
        "/map",
        "/data",
        "/network?format=svg",
        "/map?format=svg",
    ]
    .map(str::to_owned)
    .to_vec();
    for x in HOSTILE {
        let coded: String = x.bytes().map(|b| format!("%{b:02X}")).collect();
        paths.extend(
            ["/search?text=", "/actor?who=", "/search?outlet=", "/map?place=", "/nowhere?", "/search?since=", "/dyad?b=RUS&a="]
                .map(|p| format!("{p}{coded}")),
        );
        paths.push(format!("/{coded}"));
    }
    let ledger = chancery_ledger::Ledger::read(&path).unwrap();
    let mut ids = BTreeSet::new();
    let page = chancery_ledger::query::Page::default();
    ledger
        .events(&chancery_ledger::query::Filter::default(), page, |e| {
            ids.insert(e.report.clone());
            Ok(())
        })
        .unwrap();
    assert!(ids.len() > HOSTILE.len() / 2, "the reports hold events");
    paths.extend(ids.iter().map(|id| format!("/report/{id}")));
    for path in &paths {
        let body = desk.get(path).body;
        let low = body.to_lowercase();
        for never in NEVER {
            assert!(!low.contains(&never.to_lowercase()), "{path} holds {never}");
        }
        assert!(!low.contains("href=\"javascript:"), "{path}");
        assert_eq!(low.matches("<body").count(), usize::from(low.contains("<html")), "{path}");
    }
}

#[test]
fn what_was_not_coded_is_greyed() {
    let path = folder("greyed").join("l.db");
    let text = "Russia met China on Monday.\n\nRead more: France attacked Germany, officials say\n\nIran praised Iraq on Tuesday.";
    add(&path, vec![report("Talks", text, "Gazette", "2022-03-01")]);
    let ledger = chancery_ledger::Ledger::read(&path).unwrap();
    let mut ids = BTreeSet::new();
    let all = chancery_ledger::query::Filter::default();
    ledger
        .events(&all, chancery_ledger::query::Page::default(), |e| {
            ids.insert(e.report.clone());
            Ok(())
        })
        .unwrap();
    let id = ids.first().expect("events were found");
    let body = Open::new(&path, None).get(&format!("/report/{id}")).body;
    let greyed: Vec<&str> = body.split("<span class=\"out\"").skip(1).collect();
    assert!(greyed.iter().any(|g| g.contains("France attacked Germany")), "{body}");
    assert!(greyed.iter().all(|g| !g.split("</div>").next().unwrap_or(g).contains("met China")), "{body}");
}

#[test]
fn a_pasted_text_is_read_and_forgotten_and_only_from_our_own_page() {
    let path = folder("paste").join("l.db");
    add(&path, vec![report("Talks", "Russia met China on Monday.", "Gazette", "2022-03-01")]);
    let desk = Open::new(&path, None);
    let here = desk.at.to_string();
    let page = desk.get("/paste").body;
    let token = page.split("name=\"token\" value=\"").nth(1).and_then(|t| t.split('"').next()).unwrap();
    let text = "France accused <script>alert(1)</script> Iran of espionage on Tuesday.";
    let sent = |headers: &[(&str, &str)], token: &str| {
        desk.post(
            "/paste",
            &[&[("host", here.as_str())], headers].concat(),
            &[("token", token), ("text", text), ("published", "2022-03-02")],
        )
    };
    let origin = format!("http://{here}");
    let read = sent(&[("origin", &origin), ("sec-fetch-site", "same-origin")], token);
    assert_eq!(read.status, 200, "{}", read.body);
    assert!(read.body.contains("accuse") && read.body.contains("&lt;script&gt;") && !read.body.contains("<script"));
    assert_eq!(read.header("cache-control"), Some("no-store"));
    for (headers, token) in [
        (vec![], "0"),
        (vec![("origin", "http://evil.example")], token),
        (vec![("origin", "null")], token),
        (vec![("sec-fetch-site", "cross-site")], token),
        (vec![("sec-fetch-site", "same-site")], token),
    ] {
        assert_eq!(sent(&headers, token).status, 403, "{headers:?}");
    }
    let long = "a".repeat(800_000);
    assert_eq!(desk.post("/paste", &[("host", &here)], &[("token", token), ("text", &long)]).status, 413);
    for x in HOSTILE {
        let body = desk
            .post(
                "/paste",
                &[("host", &here)],
                &[("token", token), ("text", &format!("Russia met {x} China. \"We {x} agree,\" said {x}."))],
            )
            .body;
        let low = body.to_lowercase();
        // Beside the form's own fields nothing is a tag of the text.
        assert!(NEVER.iter().all(|never| !low.contains(&never.to_lowercase())), "{x}");
    }
    assert_eq!(desk.get("/api/v1/events?format=ndjson").body.lines().filter(|l| l.contains("espionage")).count(), 0);
    assert!(desk.get("/data").body.contains("<dt>Reports</dt><dd>1</dd>"), "one report, as before");
}

#[test]
fn pages_of_a_list_hold_every_item_once_while_others_add() {
    let path = folder("paging").join("l.db");
    let told = |n: usize| {
        report(&format!("Talks {n}"), &format!("Russia met China on Monday. France criticized Iran in round {n}."), "Gazette", "2022-03-01")
    };
    add(&path, (0..60).map(told).collect());
    let desk = Open::new(&path, None);
    let before: usize = desk.get("/api/v1/events?format=ndjson").body.lines().count();
    assert!(before > 100, "{before}");
    for order in ["added", "newest"] {
        let (mut seen, mut cursor) = (BTreeSet::new(), String::new());
        for turn in 0.. {
            let answer = desk.get(&format!("/api/v1/events?limit=7&order={order}{cursor}")).json();
            for item in answer["items"].as_array().unwrap() {
                assert!(seen.insert(item["id"].as_str().unwrap().to_owned()), "twice");
            }
            if order == "added" && turn == 3 {
                add(&path, (60..70).map(told).collect());
            }
            match answer["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let now = desk.get("/api/v1/events?format=ndjson").body.lines().count();
        assert!(now > before);
        assert_eq!(seen.len(), now, "{order}");
    }
}

#[test]
fn an_answer_that_holds_is_not_sent_again() {
    let path = folder("etag").join("l.db");
    add(&path, vec![report("Talks", "Russia met China on Monday.", "Gazette", "2022-03-01")]);
    let desk = Open::new(&path, None);
    let here = desk.at.to_string();
    let first = desk.get("/api/v1/events");
    let mark = first.header("etag").unwrap().to_owned();
    let again = |mark: &str| desk.ask("GET", "/api/v1/events", &[("host", &here), ("if-none-match", mark)]);
    assert_eq!((again(&mark).status, again(&mark).body.len()), (304, 0));
    assert_eq!(again("\"other\"").status, 200);
    add(&path, vec![report("More", "France accused Iran of espionage on Tuesday.", "Gazette", "2022-03-02")]);
    let changed = again(&mark);
    assert_eq!(changed.status, 200);
    assert!(changed.json()["items"].as_array().unwrap().len() > first.json()["items"].as_array().unwrap().len());
}

#[test]
fn the_description_tells_what_is_answered() {
    let desk = small("description");
    let document = desk.get("/api/v1/openapi.json").json();
    for (path, name) in
        [("/api/v1/events", "events"), ("/api/v1/statements", "statements"), ("/api/v1/happenings", "happenings"), ("/api/v1/dyad", "dyad")]
    {
        let get = &document["paths"][path]["get"];
        assert_eq!(get["operationId"], name);
        let schema = &get["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["items"]["items"];
        let required: Vec<&str> = schema["required"].as_array().unwrap().iter().filter_map(|v| v.as_str()).collect();
        let answer = desk.get(&format!("{path}?a=RUS&b=CHN"));
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        for item in answer.json()["items"].as_array().unwrap() {
            assert_eq!(item.as_object().unwrap().len(), required.len(), "{path}");
            assert!(required.iter().all(|r| item.get(*r).is_some()), "{path}: {item}");
        }
    }
    let event = &desk.get("/api/v1/events?limit=1").json()["items"][0];
    let record = desk.get(&format!("/api/v1/reports/{}", event["report"].as_str().unwrap())).json();
    assert_eq!(record["schema"], "chancery.record/1");
}

#[test]
fn many_readers_while_reports_are_added() {
    let path = folder("many").join("l.db");
    let told = |n: usize| {
        report(&format!("Talks {n}"), &format!("Russia met China on Monday. France criticized Iran in round {n}."), "Gazette", "2022-03-01")
    };
    add(&path, (0..20).map(told).collect());
    let desk = Open::new(&path, None);
    std::thread::scope(|scope| {
        scope.spawn(|| (0..10).for_each(|n| add(&path, (20 + n * 5..25 + n * 5).map(told).collect())));
        for _ in 0..40 {
            scope.spawn(|| {
                for path in ["/", "/search", "/dyad?a=RUS&b=CHN", "/api/v1/events", "/data"] {
                    assert_eq!(desk.get(path).status, 200, "{path}");
                }
            });
        }
    });
}
