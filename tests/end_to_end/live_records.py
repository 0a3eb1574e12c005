"""Records of an EC2 stub's interfaces."""

FORMAT = (
    "${account-id} ${region} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport}"
    " ${protocol} ${tcp-flags} ${flow-direction} ${action} ${log-status}"
)


def line(interface, inbound=True, peer="203.0.113.9", port=443, protocol=6, flags=2,
         action="ACCEPT", account="111122223333", region="eu-west-1"):  # fmt: skip
    own = interface["PrivateIpAddress"]
    ends = (peer, own, 50000, port) if inbound else (own, peer, port, 50000)
    return (
        f"{account} {region} {interface['NetworkInterfaceId']} {ends[0]} {ends[1]} {ends[2]}"
        f" {ends[3]} {protocol} {flags} {'ingress' if inbound else 'egress'} {action} OK"
    )
