-- A small shop, made of arithmetic so that every lab holds the same rows. Run as app_admin in the empty database `orders`.

create schema shop;
comment on schema shop is 'What the order worker works on.';

create table shop.customer (
  id         int primary key generated always as identity,
  name       text not null,
  email      text not null unique,
  country    char(2) not null,
  erased     boolean not null default false,
  created_at timestamptz not null
);
create table shop.product (
  id          int primary key generated always as identity,
  sku         text not null unique,
  name        text not null,
  price_cents int not null check (price_cents > 0),
  in_stock    int not null check (in_stock >= 0)
);
create table shop.purchase (
  id          int primary key generated always as identity,
  customer_id int not null references shop.customer (id),
  state       text not null check (state in ('placed', 'paid', 'shipped', 'returned')),
  placed_at   timestamptz not null
);
create index purchase_customer on shop.purchase (customer_id);
create table shop.purchase_line (
  purchase_id int not null references shop.purchase (id),
  position    int not null,
  product_id  int not null references shop.product (id),
  quantity    int not null check (quantity > 0),
  price_cents int not null,
  primary key (purchase_id, position)
);
create index purchase_line_product on shop.purchase_line (product_id);

insert into shop.customer (name, email, country, erased, created_at)
select
  first || ' ' || last, lower(first) || '.' || lower(last) || n || '@example.com', (array['DE', 'FR', 'NL', 'AT', 'ES', 'PL'])[1 + n % 6], n % 97 = 0,
  timestamptz '2025-01-01 08:00+00' + n * interval '5 hours'
from (
  select n,
    (array['Anna', 'Bruno', 'Clara', 'Daniel', 'Elif', 'Felix', 'Greta', 'Hugo', 'Ines', 'Jonas', 'Katja'])[1 + n % 11] as first,
    (array['Weber', 'Moreau', 'Jansen', 'Huber', 'García', 'Nowak', 'Keller', 'Dubois', 'Bakker', 'Gruber', 'Lopez', 'Kowalski', 'Richter'])[1 + n % 13] as last
  from generate_series(1, 1200) n
) people;

insert into shop.product (sku, name, price_cents, in_stock)
select
  'SKU-' || lpad(n::text, 4, '0'),
  (array['Steel', 'Oak', 'Linen', 'Glass', 'Copper', 'Cork'])[1 + n % 6] || ' ' || (array['kettle', 'shelf', 'blanket', 'lamp', 'pan', 'board', 'box'])[1 + n % 7],
  490 + (n * 733) % 18000, (n * 17) % 240
from generate_series(1, 180) n;

insert into shop.purchase (customer_id, state, placed_at)
select
  1 + (n * 379) % 1200, (array['placed', 'paid', 'shipped', 'shipped', 'shipped', 'returned'])[1 + n % 6],
  timestamptz '2025-06-01 06:00+00' + n * interval '97 minutes'
from generate_series(1, 4000) n;

insert into shop.purchase_line (purchase_id, position, product_id, quantity, price_cents)
select p.id, line, product.id, 1 + (p.id + line) % 4, product.price_cents
from shop.purchase p
cross join lateral generate_series(1, 1 + p.id % 4) line
join shop.product on product.id = 1 + (p.id * 31 + line * 57) % 180;

-- Reports see no customer who asked to be forgotten; the worker has bypassrls and sees all.
alter table shop.customer enable row level security;
create policy reports_see_who_is_not_erased on shop.customer for select to reporting using (not erased);

create view shop.revenue_by_month with (security_invoker) as
select date_trunc('month', p.placed_at) as month, count(distinct p.id) as purchases, sum(l.quantity * l.price_cents) as cents
from shop.purchase p
join shop.purchase_line l on l.purchase_id = p.id
where p.state <> 'returned'
group by 1;

grant usage on schema shop to orders_service, reporting;
grant select, insert, update on all tables in schema shop to orders_service;
grant select on all tables in schema shop to reporting;
