package secrets_test

import (
	"errors"
	"strings"
	"testing"

	"kindlyweekly/functions/aws/secrets"
	"kindlyweekly/report/config"
)

func TestCheckTenant_OwnSecrets(t *testing.T) {
	const (
		prefix = "kindly-weekly/prod/"
		arn    = "arn:aws:secretsmanager:eu-north-1:123456789012:secret:"

		own     = ""
		other   = "it does not belong to "
		unclear = "AWS may read the end of the ARN as a part of the name"
		none    = "it is neither a name nor an ARN of a secret"
	)
	for _, test := range []struct{ tenant, id, want string }{
		{"acme", "kindly-weekly/prod/acme", own},
		{"acme", "kindly-weekly/prod/acme#slack_token", own},
		{"acme", "kindly-weekly/prod/acme#a#b", own}, // a field may be called so
		{"acme", "kindly-weekly/prod/acme/4217", own},
		{"acme", "kindly-weekly/prod/acme/keys#4217", own},
		{"acme", "kindly-weekly/prod/acme/4217-AbCdEf", own}, // a name that ends as an ARN does
		{"acme", "kindly-weekly/prod/acme/../globex", own},   // a name: AWS knows no folders
		{"acme", secrets.KeyID(prefix, "acme", config.Bot{ID: "4217"}), own},

		// By ARN: complete, partial, and of other partitions, accounts and regions.
		{"acme", arn + "kindly-weekly/prod/acme", own},
		{"acme", arn + "kindly-weekly/prod/acme#slack_token", own},
		{"acme", arn + "kindly-weekly/prod/acme/4217-AbCdEf", own},
		{"acme", arn + "kindly-weekly/prod/acme/4217-AbCdEf#key", own},
		{"acme", arn + "kindly-weekly/prod/acme/4217", own},
		{"acme", "arn:aws-us-gov:secretsmanager:us-gov-west-1:210987654321:secret:kindly-weekly/prod/acme/4217-AbCdEf", own},

		// A complete ARN of acme's one secret reads as a partial one of acme-nordic's, and the
		// other way around.
		{"acme", arn + "kindly-weekly/prod/acme-AbCdEf", unclear},
		{"acme", arn + "kindly-weekly/prod/acme-nordic", unclear},
		{"acme-nordic", arn + "kindly-weekly/prod/acme-nordic", unclear},
		{"acme-nordic", "kindly-weekly/prod/acme-nordic", own},
		{"acme-nordic", arn + "kindly-weekly/prod/acme-nordic/4217", own},
		{"acme-nordic", arn + "kindly-weekly/prod/acme-nordic-AbCdEf", unclear},
		{"acme", arn + "kindly-weekly/prod/acme-nordic-AbCdEf", other},
		{"acme", arn + "kindly-weekly/prod/acme-AbCdEfG", other},
		{"acme", arn + "kindly-weekly/prod/acme-AbCdE", other},
		{"acme", arn + "kindly-weekly/prod/acme-AbC_Ef", other},
		{"acme", arn + "kindly-weekly/prod/acme-", other},
		{"acme", arn + "kindly-weekly/prod/-nordic", other},
		{"nordic", arn + "-nordic", own}, // elsewhere

		{"acme", "kindly-weekly/prod/globex", other},
		{"acme", "kindly-weekly/prod/globex#slack_token", other},
		{"acme", "kindly-weekly/prod/globex#acme/4217", other},
		{"acme", "kindly-weekly/prod/globex/4217", other},
		{"acme", "kindly-weekly/prod/acme-nordic", other},
		{"acme", "kindly-weekly/prod/acme-2", other},
		{"acme", "kindly-weekly/prod/acme-2/4217", other},
		{"acme", "kindly-weekly/prod/acme-nordic/4217", other},
		{"acme", "kindly-weekly/prod/acme-AbCdEf", other},
		{"acme", "kindly-weekly/prod/acm", other},
		{"acme", "kindly-weekly/prod/", other},
		{"acme", "kindly-weekly/prod//acme", other},
		{"acme", "kindly-weekly/prod/ACME/4217", other}, // names differ by case
		{"acme", "kindly-weekly/prod/../prod/acme/4217", other},
		{"acme", arn + "kindly-weekly/prod/globex", other},
		{"acme", arn + "kindly-weekly/prod/globex/4217-AbCdEf", other},
		{"acme", "arn:aws-cn:secretsmanager:cn-north-1:210987654321:secret:kindly-weekly/prod/globex/4217-AbCdEf", other},

		// What lies elsewhere the role cannot read.
		{"acme", "somebody/elses", own},
		{"acme", "kindly-weekly/dev/acme", own},
		{"acme", "Kindly-Weekly/prod/globex", own},
		{"acme", arn + "somebody/elses-AbCdEf", own},

		// What AWS does not take is refused before AWS has to: it may be another's in a spelling
		// that is not known here.
		{"acme", "kindly-weekly/prod/acme/x y", none},
		{"acme", " kindly-weekly/prod/globex", none},
		{"acme", "kindly-weekly/prod/globex\n", none},
		{"acme", "kindly-weekly/prod/acme/%2e%2e", none},
		{"acme", "kindly-weekly/prod/acme/blåbær", none},
		{"acme", strings.ToUpper(arn) + "kindly-weekly/prod/globex-AbCdEf", none},
		{"acme", "arn:aws:secretsmanager:eu-north-1:123456789012:kindly-weekly/prod/globex-AbCdEf",
			none},
		{"acme", "arn:aws:secretsmanager:eu-north-1:123456789012:secret/kindly-weekly/prod/globex-AbCdEf", none},
		{"acme", "arn:aws:secretsmanager:eu-north-1:123456789012:secret:x:secret:kindly-weekly/prod/acme/4217-AbCdEf", none},
		{"acme", "x:secret:kindly-weekly/prod/acme/4217", none},
		{"acme", "arn:aws:ssm:eu-north-1:123456789012:secret:kindly-weekly/prod/acme/4217-AbCdEf",
			none},
		{"acme", "arn:aws:secretsmanager:eu-north-1:1234:secret:kindly-weekly/prod/globex-AbCdEf",
			none},
		{"acme", "arn:aws:secretsmanager::123456789012:secret:kindly-weekly/prod/globex-AbCdEf",
			none},
		{"acme", arn, none},
		{"acme", "kindly-weekly/prod/acme/" + strings.Repeat("x", 512), none},
		{"acme", "#slack_token", "no secret is named"},
		{"acme", "", "no secret is named"},
		{"acme", "kindly-weekly/prod/acme#", "no field is named after the #"},
	} {
		err := secrets.CheckTenant(prefix, test.tenant, test.id)
		var e *secrets.Error
		switch {
		case test.want == own && err == nil:
		case !errors.As(err, &e) || !e.Permanent:
			t.Errorf("%s: %s: %v, want %q", test.tenant, test.id, err, test.want)
		case test.want == own || !strings.HasPrefix(e.Err.Error(), test.want):
			t.Errorf("%s: %s: %v, want %q", test.tenant, test.id, err, test.want)
		case test.want == other && !strings.Contains(e.Remedy,
			"begins with kindly-weekly/prod/acme/"),
			test.want == none &&
				e.Remedy != "write its name, such as kindly-weekly/prod/"+test.tenant+"#field: letters, digits and /_+=.@-",
			test.want == unclear &&
				e.Remedy != "write the secret's name, kindly-weekly/prod/"+test.tenant+"#field":
			t.Errorf("%s: %s: the cure is %q", test.tenant, test.id, e.Remedy)
		}
	}
	if err := secrets.CheckTenant("", "acme", "globex/4217"); err != nil {
		t.Errorf("without a deployment: %v", err)
	}
}
