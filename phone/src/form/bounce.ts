/** A stiff glove taps twice: the second tap on the same act says nothing. */

const BOUNCE_MS = 400;

/** True for a tap that follows the one before too soon to be meant. Each act has its own. */
export function bounceGuard(): (now: number) => boolean {
  let last = -Infinity;
  return (now) => {
    const bounced = now >= last && now - last < BOUNCE_MS;
    if (!bounced) last = now;
    return bounced;
  };
}
