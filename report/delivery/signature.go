package delivery

import (
	"context"
	"slices"
)

// Signature says who posted a message, so that a message of another deployment or app with the same
// key does not count.
type Signature struct {
	Key        string `json:"key"`                  // the message's, see Message.Key
	Deployment string `json:"deployment,omitempty"` // which one posted it
	App        string `json:"app,omitempty"`        // through which app; empty: unknown
}

// Signatures are those under which the claims of a delivery may have posted its message.
type Signatures struct {
	Signed []Signature `json:"signed,omitempty"`
	// Unsigned says that a claim may have posted of which no signature is known: one of a version
	// that recorded none. Its message has the delivery's key and names no deployment.
	Unsigned bool `json:"unsigned,omitempty"`
}

// Signer is a Sender whose messages say who posted them. The ledger records the signature with the
// claim, before anything is sent.
type Signer interface {
	Sender
	// Sign returns the signature that Send would give the message now. Where it fails nothing is
	// sent; its error is as that of Send, and never MaybeSent.
	Sign(ctx context.Context, m Message) (Signature, error)
}

// signed returns the sender's signature; nil if its messages have none.
func signed(ctx context.Context, m Message, s Sender) (*Signature, error) {
	signer, ok := s.(Signer)
	if !ok {
		return nil, nil
	}
	signature, err := signer.Sign(ctx, m)
	if err != nil {
		return nil, err
	}
	return &signature, nil
}

// sign adds the signature of a claim to those of the claims before.
func (r *Record) sign(s Signature) {
	r.Signatures = r.signatures()
	if !slices.Contains(r.Signed, s) {
		r.Signed = append(slices.Clip(r.Signed), s)
	}
}

// signatures returns those of the claims so far. A version of the program without signatures leaves
// none when it writes a record.
func (r Record) signatures() Signatures {
	s := r.Signatures
	s.Unsigned = s.Unsigned || len(s.Signed) == 0 && (r.MaybeSent || r.Ref != "")
	return s
}
