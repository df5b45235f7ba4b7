// What the browser keeps. Where it keeps nothing, every visit begins anew and nothing fails.

const said = (call) => {
  try {
    return call();
  } catch {
    return null;
  }
};

/** A kept value; null where there is none. */
export const recall = (key, place = "localStorage") => said(() => window[place].getItem(key));

/** Keep a value, or forget it where it is null; true where that was done. */
export function memorise(key, value, place = "localStorage") {
  return said(() => {
    if (value === null) window[place].removeItem(key);
    else window[place].setItem(key, value);
    return true;
  }) ?? false;
}

/** The names of everything that is kept for longer than the tab. */
export const names = () => said(() => Object.keys(localStorage)) ?? [];
