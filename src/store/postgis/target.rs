//! Which database: an address as `libpq` writes it (PostgreSQL 17, section 32.1.1.2), its password, and what every session is told.

use std::{fs, path::PathBuf, time::Duration};

use tokio_postgres::{Config, config::Host};

use super::{error::OpenError, tls::Tls};

/// Seconds that a connection may take to come about, where the address does not say otherwise.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the other side of a connection may be silent.
const SILENCE: Duration = Duration::from_secs(15);

/// Which database, and what of it.
#[derive(Clone, Default)]
pub struct Wishes {
    /// `postgresql://user@host:port/database?…`
    pub address: String,
    /// The password, where it is in neither the address nor the file.
    pub password: Option<String>,
    /// A file of passwords, as `~/.pgpass`.
    pub passfile: Option<PathBuf>,
    /// The schemas whose tables are served; all that can be read where none is named.
    pub schemas: Vec<String>,
    /// The tables that are served, as `table` or `schema.table`; all where none is named.
    pub tables: Vec<String>,
    /// Connections at the most.
    pub connections: usize,
    /// For how long one statement may run.
    pub time: Duration,
}

/// Nothing of the address and the password, which are no business of any log.
impl std::fmt::Debug for Wishes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wishes").field("schemas", &self.schemas).field("tables", &self.tables).finish_non_exhaustive()
    }
}

/// Whether a path names a database.
pub fn is_address(path: &str) -> bool {
    ["postgresql://", "postgres://"].iter().any(|scheme| path.starts_with(scheme))
}

/// A database that can be connected to.
#[derive(Clone)]
pub(super) struct Target {
    pub(super) config: Config,
    /// Whether and how what is sent is encrypted.
    pub(super) tls: Tls,
    /// Host, port and database: what messages call it.
    pub(super) name: String,
    /// For how long a statement may run.
    pub(super) time: Duration,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({})", self.name)
    }
}

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// When it is none, or a file that it names cannot be read.
    pub(super) fn new(wishes: &Wishes) -> Result<Self, OpenError> {
        let refused = |why: String| OpenError::Address(why);
        let (address, tls) = Tls::taken(&wishes.address)?;
        // Its own message would repeat the address, and the password in it.
        let mut config: Config = address.parse().map_err(|_| {
            refused("the address of a database is postgresql://user@host:port/database, with special characters percent-encoded".into())
        })?;
        if config.get_hosts().is_empty() {
            config.host("localhost");
        }
        if config.get_user().is_none() {
            return Err(refused("the address of the database names no user: postgresql://user@host/database".into()));
        }
        if config.get_dbname().is_none() {
            let user = config.get_user().unwrap_or_default().to_owned();
            config.dbname(user);
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        config.application_name("harmattan").ssl_mode(tls.mode);
        // A network that loses packets without a word is noticed before its clients give up.
        config.keepalives_idle(SILENCE).tcp_user_timeout(SILENCE);
        let (host, port) = (host(&config), config.get_ports().first().copied().unwrap_or(5432));
        let (user, database) = (config.get_user().unwrap_or_default().to_owned(), config.get_dbname().unwrap_or_default().to_owned());
        if config.get_password().is_none() {
            let password = match (&wishes.password, &wishes.passfile) {
                (Some(password), _) => Some(password.clone()),
                (None, Some(file)) => {
                    let text = fs::read_to_string(file).map_err(|error| refused(format!("{}: {error}", file.display())))?;
                    password_in(&text, [&host, &port.to_string(), &database, &user])
                }
                (None, None) => None,
            };
            password.into_iter().for_each(|password| {
                config.password(password);
            });
        }
        let name = format!("database {database:?} on {host}, port {port}");
        Ok(Self { config, tls, name, time: wishes.time })
    }
}

/// The first host, as messages name it.
fn host(config: &Config) -> String {
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => host.clone(),
        #[cfg(unix)]
        Some(Host::Unix(path)) => path.display().to_string(),
        None => "localhost".to_owned(),
    }
}

/// The password of the first line of a file of passwords that is about a database (PostgreSQL 17, section 32.16).
fn password_in(text: &str, wanted: [&str; 4]) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = fields(line);
        let [head @ .., password] = fields.as_slice() else { return None };
        let is_about = head.len() == 4 && head.iter().zip(wanted).all(|(field, value)| field == "*" || field == value);
        is_about.then(|| password.clone())
    })
}

/// The fields of a line: colons stand between them, and a backslash before a colon or another one that is part of a field.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut letters) = (vec![String::new()], line.chars());
    while let Some(letter) = letters.next() {
        let is_full = fields.len() == 5;
        let field = fields.last_mut().expect("there is one from the start");
        match letter {
            '\\' => field.extend(letters.next()),
            ':' if !is_full => fields.push(String::new()),
            letter => field.push(letter),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(address: &str) -> Result<Target, String> {
        Target::new(&Wishes { address: address.into(), ..Wishes::default() }).map_err(|error| error.to_string())
    }

    #[test]
    fn addresses_name_host_port_and_database_and_never_a_password() {
        let named = target("postgresql://me:s3cret@db.example:6543/maps").unwrap();
        assert_eq!(named.name, "database \"maps\" on db.example, port 6543");
        assert!(!format!("{named:?}").contains("s3cret"));
        assert_eq!(target("postgres://me@%2Frun%2Fpostgresql/maps").unwrap().name, "database \"maps\" on /run/postgresql, port 5432");
        for (address, said) in [
            ("postgresql://me:s3cret@db/maps?sslmode=always", "sslmode=always"),
            ("postgresql://me:s3cret@db:port/maps", "postgresql://user@host"),
            ("postgresql://db.example/maps", "names no user"),
        ] {
            let error = target(address).unwrap_err();
            assert!(error.contains(said) && !error.contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn passwords_come_from_the_first_line_that_fits() {
        let file = "# comment\nother:5432:*:me:no\n*:5432:maps:me:a\\:b\\\\c:d\n*:*:*:*:last\n";
        assert_eq!(password_in(file, ["db", "5432", "maps", "me"]).as_deref(), Some("a:b\\c:d"));
        assert_eq!(password_in(file, ["db", "5432", "maps", "you"]).as_deref(), Some("last"));
        assert_eq!(password_in("", ["db", "5432", "maps", "you"]), None);
    }
}
