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

// Senders are the addresses from which the operator allows each tenant to send mail, by the
// tenant's name; those of [AllTenants] apply to all. An address is weekly@example.com, or
// *@example.com for a whole domain. Nil allows every sender.
//
// A tenant names its sender in its own file, and the functions' roles may send as any address of
// MailFrom. So the operator's rules are kept in another file, [delivery.SendersKey]:
//
//	{"*": ["weekly@example.com"], "acme": ["weekly@acme.example", "*@news.acme.example"]}
type Senders map[string][]string

// AllTenants stands for all tenants in Senders.
const AllTenants = "*"

// ReadSenders returns the Senders in [delivery.SendersKey], nil if the store has none.
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

// ParseSenders reads Senders from JSON. Without an error its result is not nil.
func ParseSenders(data []byte) (Senders, error) {
	failed := func(format string, args ...any) (Senders, error) {
		return nil, fmt.Errorf(delivery.SendersKey+": "+format, args...)
	}
	var s Senders
	if err := json.Unmarshal(data, &s); err != nil {
		return failed(`%w: write {"acme": ["weekly@example.com"]}`, err)
	}
	if s == nil {
		return failed(`it is null: write {"acme": ["weekly@example.com"]},` +
			` or delete it to allow every sender`)
	}
	for _, tenant := range slices.Sorted(maps.Keys(s)) {
		for _, address := range s[tenant] {
			if !isSender(address) {
				return failed("%s: %q is not a sender: write weekly@example.com,"+
					" or *@example.com for a whole domain", tenant, address)
			}
		}
	}
	return s, nil
}

// isSender reports whether an address is name@domain or *@domain.
func isSender(address string) bool {
	local, domain, _ := strings.Cut(address, "@")
	return isASCII(address) && local != "" && (local == "*" || !strings.Contains(local, "*")) &&
		strings.Contains(domain, ".") && !strings.ContainsAny(domain, "@*")
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

// Check returns a *delivery.Failure if a tenant may not send from the address. Its remedy names the
// allowed senders.
func (s Senders) Check(tenant, address string) error {
	if s.Allows(tenant, address) {
		return nil
	}
	return &delivery.Failure{
		Err:    fmt.Errorf("the operator does not allow %s to send mail from %s", tenant, address),
		Remedy: s.remedy(tenant),
		Cause:  causeNotAllowed,
	}
}

func (s Senders) remedy(tenant string) string {
	add := "the operator adds the address to " + delivery.SendersKey
	if allowed := s.of(tenant); len(allowed) > 0 {
		return "name an allowed one in mail.from (" + strings.Join(allowed, ", ") + "), or " + add
	}
	return add
}

func (s Senders) of(tenant string) []string { return slices.Concat(s[AllTenants], s[tenant]) }

// checkSender returns a Failure if the tenant may not send from its address, or if that cannot be
// read. The report is tried again until the operator or the tenant has corrected it, or its time is
// over.
func (s *Sender) checkSender(ctx context.Context, tenant, from string) error {
	if s.Store == nil || from == "" {
		return nil
	}
	allowed, err := ReadSenders(ctx, s.Store)
	if err != nil {
		return &delivery.Failure{Err: err, Cause: delivery.CauseStore}
	}
	return allowed.Check(tenant, from)
}
