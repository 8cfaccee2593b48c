package tagged

import (
	"encoding/binary"
	"testing"
)

// Every tag is inside the profile, and white is the sum of the primaries.
func TestProfile(t *testing.T) {
	b := profile()
	word := func(at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
	if word(0) != len(b) || len(b)%4 != 0 || string(b[36:40]) != "acsp" {
		t.Errorf("%d bytes, the header says %d and %q", len(b), word(0), b[36:40])
	}
	sum := map[string]int{}
	for i := range word(128) {
		entry := 132 + 12*i
		name, offset, length := string(b[entry:entry+4]), word(entry+4), word(entry+8)
		if offset%4 != 0 || offset+length > len(b) {
			t.Fatalf("%s: from %d on, %d bytes, of %d", name, offset, length, len(b))
		}
		for axis := range 3 {
			switch name {
			case "rXYZ", "gXYZ", "bXYZ":
				sum["XYZ"[axis:axis+1]] += word(offset + 8 + 4*axis)
			case "wtpt":
				sum["XYZ"[axis:axis+1]] -= word(offset + 8 + 4*axis)
			}
		}
	}
	for axis, difference := range sum {
		if difference < -16 || difference > 16 { // of 65536
			t.Errorf("white differs from the primaries by %d in %s", difference, axis)
		}
	}
}
