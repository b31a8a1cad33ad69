/**
 * Sends what is posted in the same turn of the event loop as one parcel: requests of one moment then enter one batch, and
 * a message costs a process several times what it costs inside a parcel.
 */
export function outbox<T>(send: (parcel: T[]) => void): (message: T) => void {
  let parcel: T[] = [];
  return (message) => {
    parcel.push(message);
    if (parcel.length > 1) return;
    setImmediate(() => {
      send(parcel);
      parcel = [];
    });
  };
}
