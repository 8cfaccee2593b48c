package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kindlyweekly/report/delivery"
)

// Senders are the addresses that the operator lets each tenant send mail from, by the tenant's name; those of [AllTenants]
// hold for all tenants. An address is weekly@example.com, or *@example.com for all of a domain. Nil allows everything:
// the operator has said nothing.
//
// A tenant names its sender in its own file, and the functions' roles may send as any of MailFrom. So what one tenant may
// call itself is kept apart from what it writes, in [delivery.SendersKey]:
//
//	{"*": ["weekly@example.com"], "acme": ["weekly@acme.example", "*@news.acme.example"]}
type Senders map[string][]string

// AllTenants stands for all tenants in Senders.
const AllTenants = "*"

// ReadSenders returns what the store holds in [delivery.SendersKey], nil where there is nothing.
func ReadSenders(ctx context.Context, store delivery.Store) (Senders, error) {
	o, err := store.Get(ctx, delivery.SendersKey)
	switch {
	case errors.Is(err, delivery.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the allowed senders: %w", err)
	}
	return ParseSenders(o.Data)
}

// ParseSenders reads Senders from JSON. Its result is not nil without an error.
func ParseSenders(data []byte) (Senders, error) {
	wrong := func(format string, args ...any) (Senders, error) {
		return nil, fmt.Errorf(delivery.SendersKey+": "+format, args...)
	}
	var s Senders
	if err := json.Unmarshal(data, &s); err != nil {
		return wrong(`%w: write {"acme": ["weekly@example.com"]}`, err)
	}
	if s == nil {
		return wrong(`it is null: write {"acme": ["weekly@example.com"]}, or delete it to allow every sender`)
	}
	for _, tenant := range slices.Sorted(maps.Keys(s)) {
		for _, address := range s[tenant] {
			local, domain, _ := strings.Cut(address, "@")
			if local == "" || local != "*" && strings.Contains(local, "*") || !strings.Contains(domain, ".") || strings.ContainsAny(domain, "@*") ||
				strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' }) {
				return wrong("%s: %q is no sender: write weekly@example.com, or *@example.com for all of a domain", tenant, address)
			}
		}
	}
	return s, nil
}

// Allows reports whether a tenant may send from the address. Case does not matter.
func (s Senders) Allows(tenant, address string) bool {
	if s == nil {
		return true
	}
	_, domain, _ := strings.Cut(address, "@")
	return slices.ContainsFunc(s.of(tenant), func(allowed string) bool {
		return strings.EqualFold(allowed, address) || strings.EqualFold(allowed, "*@"+domain)
	})
}

// Check returns an error if a tenant may not send from the address. It names the senders that the tenant may use.
func (s Senders) Check(tenant, address string) error {
	if s.Allows(tenant, address) {
		return nil
	}
	return &delivery.Failure{
		Err:    fmt.Errorf("the operator does not allow %s to send mail from %s", tenant, address),
		Remedy: s.cure(tenant),
		Cause:  causeForeign,
	}
}

func (s Senders) cure(tenant string) string {
	add := "the operator adds the address to " + delivery.SendersKey
	if allowed := s.of(tenant); len(allowed) > 0 {
		return "name an allowed one in mail.from (" + strings.Join(allowed, ", ") + "), or " + add
	}
	return add
}

func (s Senders) of(tenant string) []string { return slices.Concat(s[AllTenants], s[tenant]) }

// refuseForeign returns a Failure if the tenant may not send from its address, or if that cannot be known. It is one that
// passes: the report is tried again until the operator or the tenant has corrected it, or its time is over.
func (s *Sender) refuseForeign(ctx context.Context, tenant, from string) error {
	if s.Store == nil || from == "" {
		return nil
	}
	allowed, err := ReadSenders(ctx, s.Store)
	if err != nil {
		return &delivery.Failure{Err: err, Cause: delivery.CauseStore}
	}
	return allowed.Check(tenant, from)
}
