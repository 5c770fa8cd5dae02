#!/usr/bin/env perl
# Make a boot sector of a raw binary: pad it to 512 bytes that end in the
# signature for which a BIOS looks before it runs a sector.
#
#     boot/sign.pl CODE SECTOR
#
# Nothing is written when CODE does not fit.

use strict;
use warnings;

my $ROOM      = 510;
my $SIGNATURE = "\x55\xaa";

sub fail {
	print STDERR "boot/sign.pl: @_\n";
	exit 1;
}

# Returns the contents of the file $name.
sub read_file {
	my ($name) = @_;

	fail("$name: no such file") unless -e $name;
	fail("$name: not a file") unless -f _;
	open(my $file, '<:raw', $name) or fail("$name: $!");
	local $/;
	my $bytes = <$file>;
	close($file) or fail("$name: $!");
	return $bytes // '';
}

sub write_file {
	my ($name, $bytes) = @_;

	open(my $file, '>:raw', $name) or fail("$name: $!");
	print {$file} $bytes or fail("$name: $!");
	close($file) or fail("$name: $!");
}

fail("usage: boot/sign.pl CODE SECTOR") unless @ARGV == 2;
my ($code_name, $sector_name) = @ARGV;
my $code = read_file($code_name);
my $size = length($code);

fail("$code_name: empty") if $size == 0;
fail("$code_name: $size bytes, " . ($size - $ROOM) .
     " too many for a boot sector (at most $ROOM)") if $size > $ROOM;

write_file($sector_name, $code . "\0" x ($ROOM - $size) . $SIGNATURE);
