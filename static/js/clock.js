// Time left by the server's clock: counted from its answer on a monotonic clock, so that a wrong
// or changed clock of the device does not matter.

/**
 * @param {number} secondsLeft as the server saw it when it answered
 * @returns {() => number} seconds left now, never below 0
 */
export function timeLeft(secondsLeft) {
  const started = performance.now();
  const wall = Date.now();
  return () => {
    // A sleeping device stops the monotonic clock on some systems; the wall clock then knows more.
    const passed = Math.max(performance.now() - started, Date.now() - wall) / 1000;
    return Math.max(0, secondsLeft - passed);
  };
}

/** Milliseconds since 1970 by the server: serverNow is its time in the answer. */
export function serverClock(serverNow) {
  const started = performance.now();
  return () => serverNow + performance.now() - started;
}

/** Call `tick(secondsLeft)` each second until none is left. */
export function runClock(secondsLeft, tick) {
  const left = timeLeft(secondsLeft);
  const step = () => {
    const now = left();
    tick(now);
    if (now > 0) setTimeout(step, Math.min(1000, (now % 1) * 1000 + 20));
  };
  step();
}
