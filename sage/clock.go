package sage

import (
	"fmt"
	"net/http"
	"time"
)

// Skew is how far this machine's clock is ahead of Kindly's or, below zero, behind it. It is measured by the Date of an
// answer, which has whole seconds and was written at some moment between the question and its coming: what these leave
// open is not counted. So zero is a clock that may be right.
type Skew time.Duration

// Matters says whether the clock is so far off, more than five minutes, that a token may be refused for it.
func (s Skew) Matters() bool { return time.Duration(s).Abs() > 5*time.Minute }

// String says it in words that stay the same from answer to answer: "about 2 h ahead of Kindly's".
func (s Skew) String() string {
	direction := "ahead of"
	if s < 0 {
		direction = "behind"
	}
	return fmt.Sprintf("about %s %s Kindly's", roughly(time.Duration(s).Abs()), direction)
}

// roughly rounds in steps at whose edges clocks are not found. They are off by minutes that nobody set, or by hours, halves
// of them or days that somebody did: those are in the middle of a step, so that a second more or less changes nothing.
func roughly(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= 66*time.Hour {
		return fmt.Sprintf("%d days", d.Round(day)/day)
	}
	step := time.Minute
	switch {
	case d >= time.Hour:
		step = 15 * time.Minute
	case d >= 5*time.Minute:
		step = 5 * time.Minute
	}
	d = d.Round(step)
	switch hours, minutes := d/time.Hour, d%time.Hour/time.Minute; {
	case hours == 0:
		return fmt.Sprintf("%d min", minutes)
	case minutes == 0:
		return fmt.Sprintf("%d h", hours)
	default:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	}
}

// skewOf measures by an answer that was asked for at one moment, by this machine's clock, and came at another. known says
// whether it tells the time: one out of a cache tells when it was put there.
func skewOf(h http.Header, asked, came time.Time) (skew Skew, known bool) {
	second, err := http.ParseTime(h.Get("Date"))
	if err != nil || h.Get("Age") != "" {
		return 0, false
	}
	if end := second.Add(time.Second); asked.After(end) {
		return Skew(asked.Sub(end)), true
	}
	if came.Before(second) {
		return Skew(came.Sub(second)), true
	}
	return 0, true
}

// Skew is how far this machine's clock was ahead of Kindly's at the last answer that told the time, zero before the first.
func (c *Client) Skew() Skew {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skew
}

// measure returns the skew that an answer tells, zero where it tells none, and remembers it.
func (c *Client) measure(h http.Header, asked time.Time) Skew {
	skew, known := skewOf(h, asked, time.Now())
	if known {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.skew = skew
	}
	return skew
}
