package inspect

import "fmt"

// owned is a part of a page that belongs to an element: marked content or an annotation.
type owned struct {
	parent int // the key of the page or the annotation in the parent tree
	mcid   int // the number of marked content; none: it is an annotation
}

func (o owned) String() string {
	if o.mcid == none {
		return fmt.Sprintf("the annotation %d", o.parent)
	}
	return fmt.Sprintf("the marked content %d of %d", o.mcid, o.parent)
}

// own records that an element has a part of a page: mcid of the page, or an annotation. parent is
// the key in the parent tree.
func (r *reader) own(element, parent any, mcid int) {
	e, isRef := element.(ref)
	if key, ok := count(parent); ok && isRef {
		o := owned{key, mcid}
		r.owners[o] = append(r.owners[o], e)
	}
}

// checkParents compares the elements with the parent tree, which maps each part of a page to its
// element. Screen readers use both: the elements to read on, and the parent tree for what is under
// the pointer.
func (r *reader) checkParents(tree any) error {
	nums := r.array(r.dict(tree)["Nums"])
	checked := 0
	check := func(o owned, element any) error {
		checked++
		e, _ := element.(ref)
		switch owners := r.owners[o]; {
		case !r.spend(1):
			return errTooMuch
		case len(owners) != 1:
			return fmt.Errorf("%v has %d elements", o, len(owners))
		case owners[0] != e:
			return fmt.Errorf("%v has the element %d, and %d in the parent tree", o, owners[0], e)
		}
		return nil
	}
	for ; len(nums) >= 2; nums = nums[2:] {
		parent, _ := count(nums[0])
		elements, isPage := r.get(nums[1]).([]any)
		if !isPage {
			if err := check(owned{parent, none}, nums[1]); err != nil {
				return err
			}
		}
		for mcid, e := range elements {
			if err := check(owned{parent, mcid}, e); err != nil {
				return err
			}
		}
	}
	if checked != len(r.owners) {
		return fmt.Errorf("elements have %d parts of pages, and the parent tree has %d",
			len(r.owners), checked)
	}
	return nil
}
