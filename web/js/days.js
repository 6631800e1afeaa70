// Civil days without clocks or time zones: numbers of days since 1970-01-01, for counting.

/** @param {Iso} iso */
export const toDay = (iso) => Date.parse(`${iso}T00:00:00Z`) / 864e5;

/** @param {number} day */
export const toIso = (day) => new Date(day * 864e5).toISOString().slice(0, 10);

/**
 * The same day of another month, or that month's last day: 31 January + 1 is 28 or 29 February.
 * @param {number} day
 * @param {number} months
 */
export function addMonths(day, months) {
  const date = new Date(day * 864e5);
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  return first.getTime() / 864e5 + Math.min(date.getUTCDate(), daysIn(first.getUTCFullYear(), first.getUTCMonth() + 1)) - 1;
}

/**
 * @param {number} year
 * @param {number} month 1 to 12
 */
export const daysIn = (year, month) => new Date(Date.UTC(year, month, 0)).getUTCDate();
