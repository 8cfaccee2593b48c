package cli

import (
	"fmt"
	"runtime/debug"
	"strings"
)

// Version describes this build in one line: the module's version, and the revision and its time
// where the build recorded them. The version of a build outside a released module is "devel".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = new(debug.BuildInfo)
	}
	return version(info)
}

func version(info *debug.BuildInfo) string {
	name := info.Main.Version
	if name == "" || name == "(devel)" {
		name = "devel"
	}
	var details []string
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			details = append(details, fmt.Sprintf("revision %.12s", s.Value))
		case s.Key == "vcs.time":
			details = append(details, s.Value)
		case s.Key == "vcs.modified" && s.Value == "true":
			details = append(details, "modified")
		}
	}
	if len(details) > 0 {
		name += " (" + strings.Join(details, ", ") + ")"
	}
	return "kindly-weekly " + name
}
