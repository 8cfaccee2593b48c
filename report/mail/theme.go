package mail

// theme is the colours of the page. Good and bad news differ in hue that the colour-blind tell apart, and never by it
// alone: a change carries its sign.
type theme struct {
	Page, Card, Panel, Line markup // behind and between
	Ink, Muted              markup // texts
	Button                  markup // behind its white text
	Good, Bad               markup
	Notice                  markup // behind what must be known first
}

// The pictures' colours are those of the light theme.
var (
	light = theme{
		Page: "#eef2f7", Card: "#ffffff", Panel: "#f4f7fb", Line: "#e2e8f0",
		Ink: "#0f172a", Muted: "#526077", Button: "#2563eb",
		Good: "#1d4ed8", Bad: "#b03a06", Notice: "#fff4e0",
	}
	dark = theme{
		Page: "#0b1120", Card: "#131c2e", Panel: "#1c2740", Line: "#2d3b55",
		Ink: "#f1f5f9", Muted: "#aebbd0", Button: "#2563eb",
		Good: "#8ab4ff", Bad: "#fdba74", Notice: "#3a2a12",
	}
)
