//! The command line: reads the settings, runs the command, says how it ended.

mod export;
mod geocode;
mod load;
mod log;
mod output;
mod reload;
mod watch;

use std::{path::Path, process::ExitCode, sync::Arc};

use clap::{CommandFactory, Parser};
use harmattan::{
    api::{self, Live, Shutdown},
    config::{self, Check, Cli, Command, Gazetteer, Serve, Settings},
    dataset::{self, files},
    store,
};
use load::How;
use reload::Reload;

fn main() -> ExitCode {
    let cli = Cli::parse();
    output::outlive_size_limit();
    let ended = match cli.command {
        None => {
            let hint = cli.serve.paths.first().and_then(|path| command_meant(path)).unwrap_or_default();
            serve(cli.serve).map_err(|error| format!("{error}{hint}").into())
        }
        Some(Command::Serve(settings)) => serve(*settings),
        Some(Command::Build(settings)) => build(&settings),
        Some(Command::Export(settings)) => export::export(&settings),
        Some(Command::Check(settings)) => check(&settings),
        Some(Command::Geocode(settings)) => geocode::geocode(settings),
        Some(Command::Gazetteer(Gazetteer::Build(settings))) => geocode::build(&settings),
    };
    ended.unwrap_or_else(|error| {
        eprintln!("harmattan: {error}");
        ExitCode::FAILURE
    })
}

/// What to say of a word that is no file, and nearly a command.
fn command_meant(path: &Path) -> Option<String> {
    let word = path.to_str().filter(|word| !path.exists() && !word.contains(['.', '/']))?;
    let near = |name: &str| strsim::jaro_winkler(word, name);
    let cli = Cli::command();
    let best = cli.get_subcommands().map(clap::Command::get_name).max_by(|a, b| near(a).total_cmp(&near(b)))?;
    (near(best) > 0.75).then(|| format!("; did you mean the command `{best}`?"))
}

type Ended = Result<ExitCode, Box<dyn std::error::Error>>;

fn serve(mut serve: Serve) -> Ended {
    log::start(serve.log_level, serve.log_format);
    let options = files::Options { strict: serve.strict, decisions: serve.decisions.take(), ..files::Options::default() };
    let how = How { options, no_mmap: serve.no_mmap, atlas: None };
    let how = how.with_gazetteer(serve.gazetteer.as_deref())?;
    let (database, refresh) = (load::database(&serve)?, serve.pg_refresh);
    let paths = std::mem::take(&mut serve.paths);
    let settings = Settings::from(serve);
    let (app, sums) = match &database {
        Some(database) => (load::of_database(database, &paths, &how, settings)?, None),
        None => load::app(&paths, &how, settings)?,
    };
    let listen = app.settings.listen;
    let live = Live::from(Arc::new(app));
    if let Some(sums) = sums {
        reload::verify_beside(sums, live.clone())?;
    }
    let reload = match database {
        Some(database) => Some(Reload::look(database, paths, refresh, how, live.clone())?),
        None if paths.is_empty() => None,
        None => Some(Reload::start(paths, how, live.clone())?),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = api::bind(listen).await.map_err(|error| format!("cannot listen on {listen}: {error}"))?;
        tokio::spawn(api::at_hangup(move || match &reload {
            Some(reload) => reload.now(),
            None => tracing::info!("the embedded data are part of the program: there is nothing to read anew"),
        })?);
        let stop = api::stop_signal()?;
        // Whoever waits for this line may send any signal after it.
        println!("listening on http://{}", listener.local_addr()?);
        let ended = api::serve(listener, &live, api::service(live.clone()), stop).await;
        Ok(match ended {
            Shutdown::Clean => ExitCode::SUCCESS,
            Shutdown::Cut => {
                tracing::warn!("the time for open requests ran out");
                ExitCode::SUCCESS
            }
        })
    })
}

fn build(settings: &config::Build) -> Ended {
    let options = files::Options { strict: settings.strict, decisions: settings.decisions.clone(), ..files::Options::default() };
    let how = How { options, ..How::default() };
    let how = how.with_gazetteer(settings.gazetteer.as_deref())?;
    load::build(&settings.paths, &how, store::Build { gzip: !settings.no_gzip }, &settings.output)?;
    Ok(ExitCode::SUCCESS)
}

fn check(settings: &Check) -> Ended {
    if !settings.files.is_empty() {
        let mut ended = ExitCode::SUCCESS;
        for file in &settings.files {
            match load::check(file) {
                Ok(said) => println!("{said}"),
                Err(error) => {
                    eprintln!("harmattan: {error}");
                    ended = ExitCode::FAILURE;
                }
            }
        }
        return Ok(ended);
    }
    let report = dataset::check(settings.documents.as_deref());
    report.violations.iter().for_each(|violation| eprintln!("{violation}"));
    println!("{}", report.summary);
    Ok(if report.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
