//! A run on the command line that is cut off loses at most what it was at, whatever cut it off.
#![cfg(unix)]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)] // a test may panic

use std::fs;
use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use hash_phase::chart::PhaseChart;

/// Long enough to be cut off anywhere.
const CALL: &str = "sweep --dataset moons --widths 8,16,32,64 --epochs 0,1,2,3,4,6,8,10 --samples 100,1024 --seeds 4 --threads 1 -o chart.json";
/// Networks of it.
const ALL: usize = 4 * 8 * 2 * 4;

fn folder(test: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("hash-phase-{}-{test}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn command(call: &str, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hash-phase"));
    command.args(call.split_whitespace()).current_dir(folder).stderr(Stdio::piped()).stdout(Stdio::piped());
    command
}

fn run(call: &str, folder: &Path) -> Output {
    command(call, folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A run that has finished so many networks and goes on.
fn running(call: &str, folder: &Path, networks: usize) -> Child {
    let mut child = command(call, folder).spawn().unwrap();
    let journal = folder.join("chart.json.journal");
    while kept(&journal) < networks {
        assert!(child.try_wait().unwrap().is_none(), "it has ended too soon");
        std::thread::yield_now();
    }
    child
}

/// Networks that a journal has.
fn kept(journal: &Path) -> usize {
    fs::read(journal).map_or(0, |text| text.iter().filter(|&&byte| byte == b'\n').count().saturating_sub(1))
}

fn chart(folder: &Path) -> PhaseChart {
    PhaseChart::from_json(&fs::read_to_string(folder.join("chart.json")).unwrap()).unwrap()
}

/// What an uninterrupted run makes, but for what tells of the run itself.
fn without_time(mut chart: PhaseChart) -> PhaseChart {
    chart.provenance.seconds = 0.0;
    chart.provenance.command = None;
    chart
}

/// The same call goes on, and comes to what it would have come to.
fn goes_on(folder: &Path) {
    let done = run(&format!("{CALL} --resume"), folder);
    assert!(done.status.success(), "{}", said(&done));
    let whole = folder.join("whole");
    fs::create_dir_all(&whole).unwrap();
    assert!(run(CALL, &whole).status.success());
    assert_eq!(without_time(chart(folder)), without_time(chart(&whole)));
    assert_eq!(fs::read_dir(folder).unwrap().count(), 2, "nothing but the chart, and the whole one, is left");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn killed_it_has_lost_what_it_was_at_and_nothing_else() {
    let folder = folder("killed");
    let mut child = running(CALL, &folder, 5);
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let networks = kept(&folder.join("chart.json.journal"));
    assert!((5..ALL).contains(&networks) && !folder.join("chart.json").exists());
    // Starting anew by mistake would lose it, and is refused.
    let refused = run(CALL, &folder);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        said(&refused).contains(&format!(
            "'chart.json.journal' holds {networks} networks of an interrupted run: continue it with --resume"
        )),
        "{}",
        said(&refused)
    );
    let other = run(&format!("{} --resume", CALL.replace("--widths 8,16", "--widths 9,16")), &folder);
    assert!(said(&other).contains("the unfinished chart differs in 'axes.width'"), "{}", said(&other));
    assert_eq!(kept(&folder.join("chart.json.journal")), networks);
    goes_on(&folder);
}

/// A small sweep, over in a tenth of a second.
const SMALL: &str =
    "sweep --dataset moons --widths 2,3,5 --epochs 0,1,2,3,4,5 --samples 40,90 --seeds 2 --threads 1 -o chart.json";

/// The same numbers each time, and no two alike (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// Ends a run once it has come so far, by a signal; a run that is over sooner has ended by itself.
fn cut(call: &str, folder: &Path, networks: usize, signal: &str) -> bool {
    let mut child = command(call, folder).spawn().unwrap();
    let journal = folder.join("chart.json.journal");
    let before = lines(&journal);
    while child.try_wait().unwrap().is_none() && lines(&journal).abs_diff(before) <= networks {
        std::thread::yield_now();
    }
    let _ = Command::new("kill").args([signal, &child.id().to_string()]).stderr(Stdio::null()).status().unwrap();
    let ended = child.wait_with_output().unwrap();
    match ended.status.code() {
        None | Some(130) => true,
        Some(0) => false,
        _ => panic!("{}", said(&ended)),
    }
}

fn lines(journal: &Path) -> usize {
    fs::read(journal).map_or(0, |text| text.iter().filter(|&&byte| byte == b'\n').count())
}

#[test]
fn killed_and_gone_on_with_at_any_moments_it_comes_to_the_chart_of_a_run_that_nobody_touched() {
    let folder = folder("schedules");
    let whole = folder.join("whole");
    fs::create_dir_all(&whole).unwrap();
    assert!(run(SMALL, &whole).status.success());
    let undisturbed = without_time(chart(&whole));
    let mut dice = Dice(2021);
    for schedule in 0..200 {
        let work = folder.join(schedule.to_string());
        fs::create_dir_all(&work).unwrap();
        let mut told = Vec::new();
        let mut call = SMALL.to_owned();
        for _ in 0..=dice.below(4) {
            // Most are killed without warning; some are asked to end.
            let (networks, signal) = (dice.below(30) as usize, if dice.below(4) == 0 { "-INT" } else { "-KILL" });
            told.push((networks, signal));
            if !cut(&call, &work, networks, signal) {
                break;
            }
            call = format!("{SMALL} --resume");
        }
        let done = run(&format!("{SMALL} --resume"), &work);
        assert!(done.status.success(), "schedule {schedule} {told:?}: {}", said(&done));
        assert_eq!(without_time(chart(&work)), undisturbed, "schedule {schedule} {told:?}");
        assert_eq!(fs::read_dir(&work).unwrap().count(), 1, "schedule {schedule} {told:?}: nothing else is left");
    }
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_an_unreadable_journal_has_is_given_up_only_when_asked() {
    let folder = folder("unreadable");
    let journal = folder.join("chart.json.journal");
    fs::write(&journal, "notes of mine\nand more\n").unwrap();
    for call in [SMALL.to_owned(), format!("{SMALL} --resume")] {
        let refused = run(&call, &folder);
        assert!(said(&refused).contains("start over with --overwrite"), "{}", said(&refused));
    }
    assert!(run(&format!("{SMALL} --overwrite"), &folder).status.success());
    assert!(!journal.exists() && folder.join("chart.json").exists());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_full_disk_is_told_of_what_it_has_when_a_run_is_asked_to_end() {
    let folder = folder("full-interrupted");
    // Replacing an existing file, so that finished cells stay in the journal until the end.
    fs::write(folder.join("chart.json"), "notes").unwrap();
    let limited = format!("trap '' XFSZ; ulimit -f 4; exec '{}' {CALL} --overwrite", env!("CARGO_BIN_EXE_hash-phase"));
    let mut child =
        Command::new("bash").args(["-c", &limited]).current_dir(&folder).stderr(Stdio::piped()).spawn().unwrap();
    // The disk is full once the first sentence is said.
    let mut first = [0; 1];
    child.stderr.as_mut().unwrap().read_exact(&mut first).unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    let networks = kept(&folder.join("chart.json.journal"));
    let words = said(&ended);
    assert!(
        words.contains(&format!("interrupted: {networks} of {ALL} networks are saved in 'chart.json.journal'; ")),
        "{words}"
    );
    assert!(words.contains("more could not be written and are lost (File too large"), "{words}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn interrupted_it_leaves_a_chart_that_can_be_read() {
    let folder = folder("interrupted");
    let child = running(CALL, &folder, 5);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130));
    let networks = chart(&folder).cells.len();
    assert!((5..ALL).contains(&networks));
    let words =
        format!("{networks} of {ALL} networks are saved in 'chart.json'; repeat the command with --resume to continue");
    assert!(said(&ended).contains(&words), "{}", said(&ended));
    assert!(run("table chart.json", &folder).status.success());
    goes_on(&folder);
}

#[test]
fn two_runs_do_not_make_one_chart() {
    let folder = folder("two");
    let mut first = running(CALL, &folder, 1);
    for call in [CALL.to_owned(), format!("{CALL} --resume"), format!("{CALL} --overwrite")] {
        let second = run(&call, &folder);
        assert_eq!(second.status.code(), Some(2));
        assert!(said(&second).contains("another run is writing 'chart.json'"), "{}", said(&second));
    }
    first.kill().unwrap();
    first.wait().unwrap();
    goes_on(&folder);
}

#[test]
fn a_full_disk_is_a_sentence_and_what_it_has_taken_is_gone_on_with() {
    let folder = folder("full");
    let limited = format!("trap '' XFSZ; ulimit -f 4; exec '{}' {CALL}", env!("CARGO_BIN_EXE_hash-phase"));
    let full = Command::new("bash").args(["-c", &limited]).current_dir(&folder).output().unwrap();
    assert_eq!(full.status.code(), Some(2));
    let words = said(&full);
    assert!(words.contains("'chart.json.journal' cannot be written (File too large"), "{words}");
    assert!(words.contains("error: ") && words.contains("with --resume"), "{words}");
    let networks = kept(&folder.join("chart.json.journal"));
    assert!((1..ALL).contains(&networks) && !folder.join("chart.json").exists());
    goes_on(&folder);
}

#[test]
fn a_finished_chart_makes_way_for_another_only_when_asked() {
    let folder = folder("overwrite");
    let sweep = "sweep --dataset moons --epochs 0 --samples 64 --seeds 1 -o chart.json";
    assert!(run(&format!("{sweep} --widths 3"), &folder).status.success());
    let before = fs::read(folder.join("chart.json")).unwrap();
    let refused = run(&format!("{sweep} --widths 5"), &folder);
    assert_eq!(refused.status.code(), Some(2));
    let words = "'chart.json' holds another chart, which differs in 'axes.width'";
    assert!(said(&refused).contains(words) && said(&refused).contains("replace it with --overwrite"));
    assert_eq!(fs::read(folder.join("chart.json")).unwrap(), before);
    // Training the same networks again loses nothing, and --overwrite is obeyed.
    assert!(run(&format!("{sweep} --widths 3"), &folder).status.success());
    assert!(run(&format!("{sweep} --widths 5 --overwrite"), &folder).status.success());
    fs::write(folder.join("chart.json"), "notes of mine").unwrap();
    let refused = run(&format!("{sweep} --widths 5"), &folder);
    assert!(
        said(&refused).contains("the file exists and is not a chart: choose another output with -o"),
        "{}",
        said(&refused)
    );
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_power_loss_takes_no_network_that_came_before_the_one_in_work() {
    let folder = folder("power");
    let source = format!("{}/tests/fixtures/power-loss.c", std::env::var("CARGO_MANIFEST_DIR").unwrap());
    let disk = folder.join("power-loss.so");
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&disk)
        .args([source.as_str(), "-ldl"])
        .status()
        .unwrap();
    assert!(compiled.success());
    for write in [1, 2, 9, 40] {
        let work = folder.join(write.to_string());
        fs::create_dir_all(&work).unwrap();
        let ended =
            command(CALL, &work).env("LD_PRELOAD", &disk).env("POWER_LOSS", write.to_string()).output().unwrap();
        assert_eq!(ended.status.signal(), Some(9), "{}", said(&ended));
        // The first line is the chart as it began.
        let networks = kept(&work.join("chart.json.journal"));
        assert_eq!(networks, (write as usize).saturating_sub(2), "before write {write}");
        let done = run(&format!("{CALL} --resume"), &work);
        assert!(done.status.success(), "{}", said(&done));
        assert_eq!(chart(&work).cells.len(), ALL);
    }
    fs::remove_dir_all(folder).unwrap();
}
