package secrets

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// CheckTenant returns nil if a tenant may name the secret, "id" or "id#field". The functions can read every secret below the
// deployment's prefix, so of those only the one called prefix + tenant, and those whose names begin with prefix + tenant
// + "/", are the tenant's own: a configuration that named another's would report its statistics, or speak and listen in
// its Slack. Elsewhere the role decides. Without a prefix there is no deployment, and the operator's own rights decide.
//
// An id is a name or an ARN, in the spelling that AWS takes. Anything else is refused. An ARN that Secrets Manager may
// read in two ways is the tenant's own only if it is so in both, see [names]. The error is an *Error.
func CheckTenant(prefix, tenant, id string) error {
	if prefix == "" {
		return nil
	}
	own := prefix + tenant
	name, _, err := split(id)
	if err != nil {
		return err
	}
	all, err := names(name)
	if err != nil {
		return &Error{Secret: id, Err: err, Permanent: true,
			Remedy: fmt.Sprintf("write its name, such as %s#field: letters, digits and /_+=.@-", own)}
	}
	exact := 0 // of the names, how many are the tenant's one secret
	for _, name := range all {
		switch {
		case name == own:
			exact++
		case strings.HasPrefix(name, prefix) && !strings.HasPrefix(name, own+"/"):
			err = fmt.Errorf("it is not one of %s", tenant)
		}
	}
	switch {
	case err == nil:
		return nil
	case exact > 0:
		return &Error{Secret: id, Err: errors.New("AWS may take the end of the ARN for a part of the name"), Permanent: true,
			Remedy: fmt.Sprintf("write the secret's name, %s#field", own)}
	}
	return &Error{Secret: id, Err: err, Permanent: true,
		Remedy: fmt.Sprintf("keep it in %s#field, or in a secret of its own whose name begins with %[1]s/, and name that in the configuration", own)}
}

var (
	// A name has 512 characters at most, and nothing in it is a path: Secrets Manager takes ".." for two dots.
	nameSyntax = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]{1,512}$`)
	arnSyntax  = regexp.MustCompile(`^arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:([A-Za-z0-9/_+=.@-]{1,519})$`)
	drawn      = regexp.MustCompile(`-[A-Za-z0-9]{6}$`) // what AWS puts behind a name in an ARN
)

// names returns the names of the secrets that an id may stand for. A name stands for itself. An ARN may be complete, with
// a hyphen and six characters that AWS has drawn behind the name, or partial, without them; one that ends so is either.
// Of which account and region it is, the role decides.
func names(id string) ([]string, error) {
	if nameSyntax.MatchString(id) {
		return []string{id}, nil
	}
	parts := arnSyntax.FindStringSubmatch(id)
	if parts == nil {
		return nil, errors.New("it is neither a name nor an ARN of a secret")
	}
	all := []string{parts[1]}
	if at := drawn.FindStringIndex(parts[1]); at != nil {
		all = append(all, parts[1][:at[0]])
	}
	return all, nil
}
