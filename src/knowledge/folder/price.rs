//! The prices of a row: the regular one, the one on sale, and when the sale is.

use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz::TimeZone};

use super::findings::{Findings, Remark};
use super::table::Row;
use crate::domain::money::{Currency, Money};
use crate::domain::time::Instant;
use crate::knowledge::catalogue::{Period, Shop};

/// What a row says about money.
#[derive(Default)]
pub(super) struct Prices {
    pub price: Option<Money>,
    pub sale_price: Option<Money>,
    pub sale_period: Option<Period>,
}

/// Reads `price`, `sale_price` and `sale_price_effective_date`.
pub(super) fn read(row: &Row, shop: &Shop, findings: &mut Findings) -> Result<Prices, Remark> {
    let price = money(row, "price", shop.currency)?;
    let sale_price = money(row, "sale_price", shop.currency)?;
    let (price, sale_price) = match (price, sale_price) {
        (Some(price), Some(sale)) if sale.minor >= price.minor => {
            let message = format!("{sale} is not lower than the price, {price}; ignored");
            findings.warn(row.remark("sale_price", message));
            (Some(price), None)
        }
        (None, Some(sale)) => {
            let message = "there is no price beside it, so this is taken as the price";
            findings.warn(row.remark("sale_price", message));
            (Some(sale), None)
        }
        prices => prices,
    };
    let sale_period = match sale_price {
        Some(_) => period(row, "sale_price_effective_date", shop)?,
        None => None,
    };
    Ok(Prices { price, sale_price, sale_period })
}

fn money(row: &Row, column: &str, currency: Currency) -> Result<Option<Money>, Remark> {
    let Some(text) = row.get(column) else { return Ok(None) };
    let money =
        Money::parse(text, Some(currency)).map_err(|e| row.remark(column, e.to_string()))?;
    if money.currency != currency {
        let message = format!(
            "{money} is not in {}, the currency of shop.toml; write all prices in one currency",
            currency.code()
        );
        return Err(row.remark(column, message));
    }
    Ok(Some(money))
}

fn period(row: &Row, column: &str, shop: &Shop) -> Result<Option<Period>, Remark> {
    let Some(text) = row.get(column) else { return Ok(None) };
    let zone = TimeZone::get(&shop.time_zone).unwrap_or(TimeZone::UTC);
    let period = text.split_once('/').and_then(|(from, to)| {
        let from = moment(from, &zone, Date::into)?;
        let to = moment(to, &zone, |day| day.tomorrow().unwrap_or(day).into())?;
        (from < to).then_some(Period { from, to })
    });
    let period = period.ok_or_else(|| {
        let message = format!(
            "`{text}` is not a time span; write it like 2026-11-20T09:00+0100/2026-11-30T18:00+0100"
        );
        row.remark(column, message)
    });
    period.map(Some)
}

/// A time span as [`period`] reads it, in the shop's time zone.
pub(super) fn write_period(period: Period, shop: &Shop) -> String {
    let zone = TimeZone::get(&shop.time_zone).unwrap_or(TimeZone::UTC);
    let write = |at: Instant| {
        let stamp = Timestamp::from_millisecond(at.0).unwrap_or_default();
        stamp.display_with_offset(zone.to_offset(stamp)).to_string()
    };
    format!("{}/{}", write(period.from), write(period.to))
}

/// A moment, in the shop's time zone unless it names its own; `of_day` says which one a mere date
/// stands for.
fn moment(text: &str, zone: &TimeZone, of_day: fn(Date) -> DateTime) -> Option<Instant> {
    let text = text.trim();
    let stamp = text.parse::<Timestamp>().ok().or_else(|| {
        let local = match text.contains(':') {
            true => text.parse().ok()?,
            false => of_day(text.parse().ok()?),
        };
        Some(zone.to_zoned(local).ok()?.timestamp())
    })?;
    Some(Instant(stamp.as_millisecond()))
}
