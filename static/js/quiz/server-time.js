// The server's time on a monotonic clock. Each answer of the server says that its time lay between
// sending and receiving; the narrowest interval seen so far wins. The device's own clock, which may
// be set wrong, is never asked.

export class ServerTime {
  constructor() {
    this.low = -Infinity;
    this.high = Infinity;
  }

  /**
   * @param {number} now the server's time, ms since 1970
   * @param {number} sent performance.now() when the request left
   * @param {number} got performance.now() when the answer came
   */
  learn(now, sent, got) {
    const low = now - got;
    const high = now - sent;
    if (low > this.high || high < this.low) {
      // The device slept and its monotonic clock with it: only the latest answer is true.
      this.low = low;
      this.high = high;
      return;
    }
    this.low = Math.max(this.low, low);
    this.high = Math.min(this.high, high);
  }

  /** The server's time now, ms since 1970. */
  now() {
    return performance.now() + (this.low + this.high) / 2;
  }
}

const local = new Intl.DateTimeFormat('vi-VN', {
  timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});

/** "10:02:31" in Việt Nam. @param {number} ms since 1970 */
export function timeOfDay(ms) {
  return local.format(new Date(ms));
}
