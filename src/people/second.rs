//! The second factor: a code from an app, or one of ten written on paper, beside the password.
//!
//! The app's secret is sealed with a key outside the database. It counts only after its owner has
//! shown, with a first code, that the app has it.

use qrcodegen::{QrCode, QrCodeEcc};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::{People, PeopleError, recovery, totp};
use crate::audit;
use crate::domain::ids::UserId;
use crate::domain::time::Instant;
use crate::seal::Sealer;
use crate::store::StoreError;

/// What an app has to be told. Shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Enrolment {
    /// To be typed.
    pub secret: String,
    /// To be opened on the device that has the app.
    pub uri: String,
    /// To be scanned.
    pub qr: Picture,
}

/// The address as a QR code: dark squares in a drawing of so many units, for an SVG path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Width and height, with the quiet zone of four units that readers want.
    pub size: i32,
    /// One square a dark unit.
    pub path: String,
}

/// Units without a mark around a code (ISO/IEC 18004, section 6.3.8).
const QUIET: i32 = 4;

/// Draws a text that fits into one code; the addresses of apps are far shorter.
fn picture(text: &str) -> Option<Picture> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
    let dark = dark.filter(|(x, y)| code.get_module(*x, *y));
    let path = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET)).collect();
    Some(Picture { size: size + 2 * QUIET, path })
}

/// The step of a secret that nobody has shown to have yet.
const UNPROVEN: i64 = -1;

impl People {
    /// Begins a second factor: makes a secret that does not count yet.
    pub async fn begin_second_factor(
        &self,
        user: UserId,
        name: &str,
        issuer: &str,
    ) -> Result<Enrolment, PeopleError> {
        let secret = totp::secret();
        let uri = totp::uri(&*secret, issuer, name).to_string();
        let qr = picture(&uri).ok_or(PeopleError::BadName)?;
        let enrolment = Enrolment { secret: totp::base32(&*secret).to_string(), uri, qr };
        let sealed = self.sealer()?.seal(&purpose(user), &*secret);
        let keep = move |db: &Connection| {
            let kept = db.execute(
                "UPDATE users SET totp = ?2, totp_step = ?3
                 WHERE id = ?1 AND (totp IS NULL OR totp_step = ?3)",
                params![user.as_bytes(), sealed, UNPROVEN],
            )?;
            if kept == 1 { Ok(()) } else { Err(PeopleError::HasSecondFactor) }
        };
        self.store.write(keep, |()| {}).await?;
        Ok(enrolment)
    }

    /// Ends the beginning: the app's first code. Returns codes to be written on paper.
    pub async fn prove_second_factor(
        &self,
        user: UserId,
        code: &str,
        now: Instant,
    ) -> Result<Vec<String>, PeopleError> {
        let sealer = self.sealer()?;
        let code = code.to_string();
        let prove = move |db: &Connection| {
            let kept = read(db, user)?.filter(|kept| kept.step == UNPROVEN);
            let kept = kept.ok_or(PeopleError::WrongCode)?;
            let step = kept.fits(&sealer, user, &code, now)?.ok_or(PeopleError::WrongCode)?;
            use_step(db, user, step)?;
            let codes = recovery::generate();
            db.execute("DELETE FROM recovery_codes WHERE user = ?1", [user.as_bytes()])?;
            for digest in &codes.kept {
                let sql = "INSERT INTO recovery_codes (user, code) VALUES (?1, ?2)";
                db.execute(sql, params![user.as_bytes(), digest])?;
            }
            let name = name_of(db, user)?;
            audit::note(db, now, &name, "user.begin_codes", &name)?;
            Ok(codes.shown.iter().map(|code| code.to_string()).collect())
        };
        self.store.write(prove, |_: &Vec<String>| {}).await
    }

    /// Ends the second factor of an account. `by` is who does it.
    pub async fn end_second_factor(&self, user: UserId, by: &str) -> Result<(), PeopleError> {
        let by = by.to_string();
        let end = move |db: &Connection| {
            db.execute("UPDATE users SET totp = NULL WHERE id = ?1", [user.as_bytes()])?;
            db.execute("DELETE FROM recovery_codes WHERE user = ?1", [user.as_bytes()])?;
            audit::note(db, Instant::now(), &by, "user.end_codes", &name_of(db, user)?)?;
            Ok(())
        };
        self.store.write(end, |()| {}).await
    }

    /// Ends somebody's own second factor, with a last code from the app or from paper: a browser
    /// that was left open does not suffice.
    pub async fn give_up_second_factor(
        &self,
        user: UserId,
        name: &str,
        code: &str,
        now: Instant,
    ) -> Result<(), PeopleError> {
        match self.wants_code(user).await? && self.use_code(user, code, now).await? {
            true => self.end_second_factor(user, name).await,
            false => Err(PeopleError::WrongCode),
        }
    }

    /// Does this account want a code beside the password?
    pub async fn wants_code(&self, user: UserId) -> Result<bool, StoreError> {
        let read = move |db: &Connection| read(db, user);
        Ok(self.store.read(read).await?.is_some_and(|kept| kept.step != UNPROVEN))
    }

    /// Uses a code, from the app or from paper. No code works twice.
    pub(super) async fn use_code(
        &self,
        user: UserId,
        code: &str,
        now: Instant,
    ) -> Result<bool, PeopleError> {
        let sealer = self.sealer()?;
        let code = code.to_string();
        let check = move |db: &Connection| {
            let Some(kept) = read(db, user)? else { return Ok(false) };
            if let Some(step) = kept.fits(&sealer, user, &code, now)? {
                use_step(db, user, step)?;
                return Ok(true);
            }
            redeem(db, user, &code)
        };
        self.store.write(check, |_| {}).await
    }
}

/// As the audit log names somebody.
fn name_of(db: &Connection, user: UserId) -> Result<String, StoreError> {
    let mut query = db.prepare_cached("SELECT name FROM users WHERE id = ?1")?;
    Ok(query.query_row([user.as_bytes()], |row| row.get(0))?)
}

/// A sealed secret and the step that was used last.
struct Kept {
    sealed: Vec<u8>,
    step: i64,
}

impl Kept {
    fn fits(
        &self,
        sealer: &Sealer,
        user: UserId,
        code: &str,
        now: Instant,
    ) -> Result<Option<u64>, PeopleError> {
        let secret = sealer.open(&purpose(user), &self.sealed)?;
        let at = u64::try_from(now.0 / 1_000).unwrap_or(0);
        Ok(totp::check(&secret, code, at, u64::try_from(self.step).ok()))
    }
}

/// Sealed for one account, so that no row can stand in for another.
fn purpose(user: UserId) -> String {
    format!("totp {user}")
}

fn read(db: &Connection, user: UserId) -> Result<Option<Kept>, StoreError> {
    let mut query =
        db.prepare_cached("SELECT totp, totp_step FROM users WHERE id = ?1 AND totp IS NOT NULL")?;
    let row = query
        .query_row([user.as_bytes()], |row| Ok(Kept { sealed: row.get(0)?, step: row.get(1)? }));
    Ok(row.optional()?)
}

fn use_step(db: &Connection, user: UserId, step: u64) -> Result<(), PeopleError> {
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let sql = "UPDATE users SET totp_step = ?2 WHERE id = ?1";
    db.execute(sql, params![user.as_bytes(), step])?;
    Ok(())
}

/// Crosses out a code on paper.
fn redeem(db: &Connection, user: UserId, typed: &str) -> Result<bool, PeopleError> {
    let mut query = db.prepare_cached("SELECT code FROM recovery_codes WHERE user = ?1")?;
    let rows = query.query_map([user.as_bytes()], |row| row.get::<_, [u8; 32]>(0))?;
    let kept: Vec<recovery::Digest> = rows.collect::<Result<_, _>>()?;
    let mut left = kept.clone();
    if !recovery::redeem(&mut left, typed) {
        return Ok(false);
    }
    for used in kept.iter().filter(|code| !left.contains(code)) {
        let sql = "DELETE FROM recovery_codes WHERE user = ?1 AND code = ?2";
        db.execute(sql, params![user.as_bytes(), used])?;
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners_and_a_quiet_zone() {
        let picture = picture("otpauth://totp/Shop:ana?secret=JBSWY3DPEHPK3PXP").expect("it fits");
        let units = picture.size - 2 * QUIET;
        assert!(units >= 21 && (units - 21) % 4 == 0, "a size that codes have: {units}");
        for corner in [(4, 4), (picture.size - 5, 4), (4, picture.size - 5)] {
            assert!(picture.path.contains(&format!("M{} {}h1", corner.0, corner.1)), "{corner:?}");
        }
        assert!(!picture.path.contains("M3 ") && !picture.path.contains("M0 "));
    }
}
