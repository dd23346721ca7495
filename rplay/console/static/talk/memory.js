// What a browser remembers for a page; one that may not, forgets it with the page.

export function read(name, place = localStorage) {
  try {
    return place.getItem(name);
  } catch {
    return null;
  }
}

export function write(name, value, place = localStorage) {
  try {
    if (value) place.setItem(name, value);
    else place.removeItem(name);
  } catch {
    // storage is closed to pages, or full
  }
}
