package secrets

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// CheckTenant returns nil if a tenant may name the secret, "id" or "id#field"; else an *Error.
//
// The functions can read every secret below the deployment's prefix. A configuration that names
// another tenant's secret would report that tenant's statistics, or post in its Slack. So below the
// prefix a tenant owns only the secret prefix + tenant, and those that begin with prefix + tenant +
// "/". Elsewhere the role's permissions decide. Without a prefix there is no deployment, and the
// operator's own permissions decide.
//
// An ID is a name or an ARN, as AWS spells them; anything else is refused. If Secrets Manager may
// read an ARN in two ways, see [names], the tenant has to own both.
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
		return &Error{Secret: id, Err: err, Permanent: true, Remedy: fmt.Sprintf(
			"write its name, such as %s#field: letters, digits and /_+=.@-", own)}
	}
	exact := false // one of the names is the tenant's secret
	for _, name := range all {
		switch {
		case name == own:
			exact = true
		case strings.HasPrefix(name, prefix) && !strings.HasPrefix(name, own+"/"):
			err = fmt.Errorf("it does not belong to %s", tenant)
		}
	}
	switch {
	case err == nil:
		return nil
	case exact:
		return &Error{Secret: id, Permanent: true,
			Err:    errors.New("AWS may read the end of the ARN as a part of the name"),
			Remedy: fmt.Sprintf("write the secret's name, %s#field", own)}
	}
	return &Error{Secret: id, Err: err, Permanent: true, Remedy: fmt.Sprintf(
		"keep it in %s#field, or in a secret of its own whose name begins with %[1]s/,"+
			" and name that in the configuration", own)}
}

var (
	// A name has 512 characters at most. It is not a path: ".." is two dots.
	nameSyntax = regexp.MustCompile(`^[A-Za-z0-9/_+=.@-]{1,512}$`)
	arnSyntax  = regexp.MustCompile(`^arn:[a-z0-9-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:` +
		`([A-Za-z0-9/_+=.@-]{1,519})$`)
	arnSuffix = regexp.MustCompile(`-[A-Za-z0-9]{6}$`) // what AWS adds to a name in an ARN
)

// names returns the names of the secrets that an ID may stand for. A name stands for itself. An ARN
// is complete, with a hyphen and six random characters after the name, or partial, without them.
// One that ends so may be either. The role's permissions decide about account and region.
func names(id string) ([]string, error) {
	if nameSyntax.MatchString(id) {
		return []string{id}, nil
	}
	parts := arnSyntax.FindStringSubmatch(id)
	if parts == nil {
		return nil, errors.New("it is neither a name nor an ARN of a secret")
	}
	all := []string{parts[1]}
	if at := arnSuffix.FindStringIndex(parts[1]); at != nil {
		all = append(all, parts[1][:at[0]])
	}
	return all, nil
}
