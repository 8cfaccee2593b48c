//go:build race

package figures_test

// raceEnabled leaves out simulations, which are arithmetic and take minutes under the detector.
const raceEnabled = true
