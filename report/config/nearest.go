package config

// Nearest returns the candidate that a slip of the finger turns into word, or that word begins; "" if there is none.
func Nearest(word string, candidates []string) string { return nearest(word, candidates) }
