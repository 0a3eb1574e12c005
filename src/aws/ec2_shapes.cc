#include "aws/ec2_shapes.h"

namespace sgflow {
namespace {

// As in docs.aws.amazon.com/AWSEC2/latest/APIReference, one array a data type. The CLI's keys are
// the elements' names but for those given here.

constexpr XmlMember kTag[] = {Text("key"), Text("value")};

constexpr XmlMember kGroupIdentifier[] = {Text("groupId"), Text("groupName")};

constexpr XmlMember kAssociation[] = {
    Text("allocationId"), Text("associationId"),   Text("ipOwnerId"), Text("publicDnsName"),
    Text("publicIp"),     Text("customerOwnedIp"), Text("carrierIp"),
};

constexpr XmlMember kEnaSrdUdpSpecification[] = {Flag("enaSrdUdpEnabled")};
constexpr XmlMember kEnaSrdSpecification[] = {
    Flag("enaSrdEnabled"),
    Object("enaSrdUdpSpecification", kEnaSrdUdpSpecification),
};
constexpr XmlMember kAttachment[] = {
    Text("attachTime"),
    Text("attachmentId"),
    Flag("deleteOnTermination"),
    Number("deviceIndex"),
    Number("networkCardIndex"),
    Text("instanceId"),
    Text("instanceOwnerId"),
    Text("status"),
    Object("enaSrdSpecification", kEnaSrdSpecification),
    Number("enaQueueCount"),
};

constexpr XmlMember kConnectionTracking[] = {
    Number("tcpEstablishedTimeout"),
    Number("udpStreamTimeout"),
    Number("udpTimeout"),
};
constexpr XmlMember kInterfaceIpv6Address[] = {
    Text("ipv6Address"),
    Text("publicIpv6DnsName"),
    Flag("isPrimaryIpv6"),
};
constexpr XmlMember kPublicIpDnsNameOptions[] = {
    Text("dnsHostnameType"),
    Text("publicIpv4DnsName"),
    Text("publicIpv6DnsName"),
    Text("publicDualStackDnsName"),
};
constexpr XmlMember kInterfacePrivateIpAddress[] = {
    Object("association", kAssociation),
    Flag("primary"),
    Text("privateDnsName"),
    Text("privateIpAddress"),
};
constexpr XmlMember kIpv4Prefix[] = {Text("ipv4Prefix")};
constexpr XmlMember kIpv6Prefix[] = {Text("ipv6Prefix")};
constexpr XmlMember kOperator[] = {Flag("managed"), Text("principal"), Flag("hiddenByDefault")};

constexpr XmlMember kNetworkInterface[] = {
    Object("association", kAssociation),
    Object("attachment", kAttachment),
    Text("availabilityZone"),
    Object("connectionTrackingConfiguration", kConnectionTracking),
    Text("description"),
    Objects("groupSet", kGroupIdentifier, "Groups"),
    Text("interfaceType"),
    Objects("ipv6AddressesSet", kInterfaceIpv6Address, "Ipv6Addresses"),
    Text("macAddress"),
    Text("networkInterfaceId"),
    Text("outpostArn"),
    Text("ownerId"),
    Text("privateDnsName"),
    Text("publicDnsName"),
    Object("publicIpDnsNameOptions", kPublicIpDnsNameOptions),
    Text("privateIpAddress"),
    Objects("privateIpAddressesSet", kInterfacePrivateIpAddress, "PrivateIpAddresses"),
    Objects("ipv4PrefixSet", kIpv4Prefix, "Ipv4Prefixes"),
    Objects("ipv6PrefixSet", kIpv6Prefix, "Ipv6Prefixes"),
    Text("requesterId"),
    Flag("requesterManaged"),
    Flag("sourceDestCheck"),
    Text("status"),
    Text("subnetId"),
    Objects("tagSet", kTag),
    Text("vpcId"),
    Flag("denyAllIgwTraffic"),
    Flag("ipv6Native"),
    Text("ipv6Address"),
    Object("operator", kOperator),
    Texts("associatedSubnetSet", "AssociatedSubnets"),
    Text("availabilityZoneId"),
};

constexpr XmlMember kUserIdGroupPair[] = {
    Text("description"),   Text("userId"), Text("groupName"),
    Text("groupId"),       Text("vpcId"),  Text("vpcPeeringConnectionId"),
    Text("peeringStatus"),
};
constexpr XmlMember kIpRange[] = {Text("description"), Text("cidrIp")};
constexpr XmlMember kIpv6Range[] = {Text("description"), Text("cidrIpv6")};
constexpr XmlMember kPrefixListId[] = {Text("description"), Text("prefixListId")};
constexpr XmlMember kIpPermission[] = {
    Text("ipProtocol"),
    Number("fromPort"),
    Number("toPort"),
    Objects("groups", kUserIdGroupPair, "UserIdGroupPairs"),
    Objects("ipRanges", kIpRange),
    Objects("ipv6Ranges", kIpv6Range),
    Objects("prefixListIds", kPrefixListId),
};

constexpr XmlMember kSecurityGroup[] = {
    Text("groupId"),
    Objects("ipPermissionsEgress", kIpPermission),
    Objects("tagSet", kTag, "Tags"),
    Text("vpcId"),
    Text("securityGroupArn"),
    Text("ownerId"),
    Text("groupName"),
    Text("groupDescription", "Description"),
    Objects("ipPermissions", kIpPermission),
};

constexpr XmlMember kReferencedGroup[] = {
    Text("groupId"), Text("peeringStatus"),          Text("userId"),
    Text("vpcId"),   Text("vpcPeeringConnectionId"),
};

constexpr XmlMember kSecurityGroupRule[] = {
    Text("securityGroupRuleId"),
    Text("groupId"),
    Text("groupOwnerId"),
    Flag("isEgress"),
    Text("ipProtocol"),
    Number("fromPort"),
    Number("toPort"),
    Text("cidrIpv4"),
    Text("cidrIpv6"),
    Text("prefixListId"),
    Object("referencedGroupInfo", kReferencedGroup),
    Text("description"),
    Objects("tagSet", kTag, "Tags"),
    Text("securityGroupRuleArn"),
};

constexpr XmlMember kManagedPrefixList[] = {
    Text("prefixListId"),
    Text("addressFamily"),
    Text("state"),
    Text("stateMessage"),
    Text("prefixListArn"),
    Text("prefixListName"),
    Number("maxEntries"),
    Number("version"),
    Objects("tagSet", kTag, "Tags"),
    Text("ownerId"),
    Text("ipamPrefixListResolverTargetId"),
    Flag("ipamPrefixListResolverSyncEnabled"),
};

constexpr XmlMember kPrefixListEntry[] = {Text("cidr"), Text("description")};

constexpr XmlMember kAclAssociation[] = {
    Text("networkAclAssociationId"),
    Text("networkAclId"),
    Text("subnetId"),
};
constexpr XmlMember kIcmpTypeCode[] = {Number("code"), Number("type")};
constexpr XmlMember kPortRange[] = {Number("from"), Number("to")};
constexpr XmlMember kAclEntry[] = {
    Text("cidrBlock"),
    Flag("egress"),
    Object("icmpTypeCode", kIcmpTypeCode),
    Text("ipv6CidrBlock"),
    Object("portRange", kPortRange),
    Text("protocol"),
    Text("ruleAction"),
    Number("ruleNumber"),
};

constexpr XmlMember kNetworkAcl[] = {
    Objects("associationSet", kAclAssociation, "Associations"),
    Objects("entrySet", kAclEntry, "Entries"),
    Flag("default", "IsDefault"),
    Text("networkAclId"),
    Objects("tagSet", kTag, "Tags"),
    Text("vpcId"),
    Text("ownerId"),
};

constexpr XmlMember kSubnetCidrBlockState[] = {Text("state"), Text("statusMessage")};
constexpr XmlMember kSubnetIpv6Association[] = {
    Text("associationId"),
    Text("ipv6CidrBlock"),
    Object("ipv6CidrBlockState", kSubnetCidrBlockState),
    Text("ipv6AddressAttribute"),
    Text("ipSource"),
};
constexpr XmlMember kPrivateDnsNameOptions[] = {
    Text("hostnameType"),
    Flag("enableResourceNameDnsARecord"),
    Flag("enableResourceNameDnsAAAARecord"),
};
constexpr XmlMember kBlockPublicAccessStates[] = {Text("internetGatewayBlockMode")};

constexpr XmlMember kSubnet[] = {
    Text("availabilityZoneId"),
    Number("enableLniAtDeviceIndex"),
    Flag("mapCustomerOwnedIpOnLaunch"),
    Text("customerOwnedIpv4Pool"),
    Text("ownerId"),
    Flag("assignIpv6AddressOnCreation"),
    Objects("ipv6CidrBlockAssociationSet", kSubnetIpv6Association),
    Objects("tagSet", kTag, "Tags"),
    Text("subnetArn"),
    Text("outpostArn"),
    Flag("enableDns64"),
    Flag("ipv6Native"),
    Object("privateDnsNameOptionsOnLaunch", kPrivateDnsNameOptions),
    Object("blockPublicAccessStates", kBlockPublicAccessStates),
    Text("type"),
    Text("networkFirewallConnectivityType"),
    Text("subnetId"),
    Text("state"),
    Text("vpcId"),
    Text("cidrBlock"),
    Number("availableIpAddressCount"),
    Text("availabilityZone"),
    Flag("defaultForAz"),
    Flag("mapPublicIpOnLaunch"),
};

constexpr auto kNetworkInterfaces =
    Objects("networkInterfaceSet", kNetworkInterface, "NetworkInterfaces");
constexpr auto kSecurityGroups = Objects("securityGroupInfo", kSecurityGroup, "SecurityGroups");
constexpr auto kSecurityGroupRules =
    Objects("securityGroupRuleSet", kSecurityGroupRule, "SecurityGroupRules");
constexpr auto kPrefixLists = Objects("prefixListSet", kManagedPrefixList, "PrefixLists");
constexpr auto kEntries = Objects("entrySet", kPrefixListEntry, "Entries");
constexpr auto kNetworkAcls = Objects("networkAclSet", kNetworkAcl, "NetworkAcls");
constexpr auto kSubnets = Objects("subnetSet", kSubnet, "Subnets");

}  // namespace

const XmlMember& ListOf(Ec2Action action) {
  switch (action) {
    case Ec2Action::kDescribeNetworkInterfaces:
      return kNetworkInterfaces;
    case Ec2Action::kDescribeSecurityGroups:
      return kSecurityGroups;
    case Ec2Action::kDescribeSecurityGroupRules:
      return kSecurityGroupRules;
    case Ec2Action::kDescribeManagedPrefixLists:
      return kPrefixLists;
    case Ec2Action::kGetManagedPrefixListEntries:
      return kEntries;
    case Ec2Action::kDescribeNetworkAcls:
      return kNetworkAcls;
    case Ec2Action::kDescribeSubnets:
      return kSubnets;
  }
  return kNetworkInterfaces;
}

}  // namespace sgflow
