// What EC2's answers hold, as tables: every member that the CLI prints of the actions that sgflow
// calls. A member that AWS adds tomorrow is a line here; until then it is passed over.
#pragma once

#include "aws/ec2.h"
#include "aws/xml_shape.h"

namespace sgflow {

// The list that the action's answer is made of, under the CLI's key.
const XmlMember& ListOf(Ec2Action action);

}  // namespace sgflow
