-- What a target holds beside its tier: card data (pci), health data (phi). Decides what policy asks and what recordings leave out, so it is attested.
alter table target add column scopes text[];
alter table target add constraint target_scopes_are_known
  check (scopes <@ array['pci', 'phi'] and cardinality(scopes) > 0);
