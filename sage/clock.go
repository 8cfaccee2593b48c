package sage

import (
	"fmt"
	"net/http"
	"time"
)

// Skew is how far this machine's clock is ahead of Kindly's or, below zero, behind it. It is
// measured by the Date of an answer, which has whole seconds. Zero means that the clock may be
// right: the second, and the time of the request, are not counted.
type Skew time.Duration

// Matters reports whether the clock is off by more than five minutes, which can make a token
// invalid.
func (s Skew) Matters() bool { return time.Duration(s).Abs() > 5*time.Minute }

// String returns a text that does not vary from answer to answer: "about 2 h ahead of Kindly's".
func (s Skew) String() string {
	direction := "ahead of"
	if s < 0 {
		direction = "behind"
	}
	return fmt.Sprintf("about %s %s Kindly's", roughly(time.Duration(s).Abs()), direction)
}

// roughly rounds to minutes, quarters of an hour or days. A clock is off by minutes, or by hours,
// half hours or days that were set by mistake. Those are in the middle of a step, so that a second
// more or less changes nothing.
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

// skewOf returns the skew that an answer shows. asked and came are when the request was sent and
// the answer came, by this machine's clock. known is false if the answer has no Date, or comes from
// a cache, whose Date is old.
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

// Skew returns the skew at the last answer with a Date, and zero before the first.
func (c *Client) Skew() Skew {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.skew
}

// measure returns the skew that an answer shows, and keeps it if it is known.
func (c *Client) measure(h http.Header, asked time.Time) Skew {
	skew, known := skewOf(h, asked, time.Now())
	if known {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.skew = skew
	}
	return skew
}
